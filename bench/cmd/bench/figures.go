package main

// The list of figures. A new one is a figure.Figure in a package of its own
// under bench/, and a line here.

import (
	"fluxo.dev/fluxo/bench/adopt"
	"fluxo.dev/fluxo/bench/engine"
	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/bench/lockstep"
	"fluxo.dev/fluxo/bench/profile"
	"fluxo.dev/fluxo/bench/search"
	"fluxo.dev/fluxo/bench/store"
	"fluxo.dev/fluxo/bench/swap"
	"fluxo.dev/fluxo/bench/tool"
	"fluxo.dev/fluxo/bench/weather"
	"fluxo.dev/fluxo/bench/web"
)

var figures = []figure.Figure{
	engine.Empty,
	engine.Node,
	engine.Hit,
	engine.Parallel,
	profile.CPU,
	store.HitRatio,
	store.CostSaved,
	store.Throughput,
	store.Hit,
	adopt.Gain,
	weather.Figures,
	weather.Predictions,
	weather.Verification,
	web.EmptyPlan,
	swap.Dropped,
	tool.Vet,
	tool.Build,
	tool.Lift,
	lockstep.Programs,
	lockstep.Mutants,
	search.Optimum,
	search.EPA,
	search.Million,
	search.Sixty,
}
