package engine

// SetMostAhead bounds how many refreshes wait for their time.
func (e *Engine) SetMostAhead(n int64) { e.refreshes.most = n }

// WaitingAhead is how many do.
func (e *Engine) WaitingAhead() int64 { return e.refreshes.waiting.Load() }
