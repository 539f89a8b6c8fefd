package planner

// Fluxo's own patterns, which every planner has.

import (
	_ "fluxo.dev/fluxo/pattern/answer"
	_ "fluxo.dev/fluxo/pattern/cache"
	_ "fluxo.dev/fluxo/pattern/coalesce"
	_ "fluxo.dev/fluxo/pattern/hedge"
	_ "fluxo.dev/fluxo/pattern/parallel"
	_ "fluxo.dev/fluxo/pattern/refresh"
)
