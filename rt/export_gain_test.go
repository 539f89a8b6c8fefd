package rt

// StopMeasuring has gains measured no more.
func StopMeasuring() {
	present.mu.Lock()
	defer present.mu.Unlock()
	present.measures, present.gains = false, nil
}
