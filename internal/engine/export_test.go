package engine

// What tests of other files need of the insides.

// NewTimed makes a context that ends under the world's clock.
var NewTimed = newTimed
