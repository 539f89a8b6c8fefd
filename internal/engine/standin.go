package engine

type standIn struct{}

type promises struct{}
