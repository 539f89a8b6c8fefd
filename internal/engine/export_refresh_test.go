package engine

// SetMostAhead bounds how many refreshes wait for their time.
func (e *Engine) SetMostAhead(n int) { e.refreshes.most = n }

// WaitingAhead is how many do, and how many of those have something to compute again.
func (e *Engine) WaitingAhead() (alarms, full int) {
	e.refreshes.mu.Lock()
	defer e.refreshes.mu.Unlock()
	for _, w := range e.refreshes.waiting {
		if w.n != nil {
			full++
		}
	}
	return e.refreshes.alarms, full
}

// MostBarred is how many failure edges the refreshes are barred from at most that wait.
func (e *Engine) MostBarred() (most int) {
	e.refreshes.mu.Lock()
	defer e.refreshes.mu.Unlock()
	for _, w := range e.refreshes.waiting {
		if w.n != nil {
			most = max(most, len(w.n.barred))
		}
	}
	return most
}
