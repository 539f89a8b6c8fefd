// Package chart draws curves as SVG: panels side by side, each with a few series over the same
// values. One drawing is readable on light and on dark pages, which is why no plotting library draws it: those
// write colours where a style sheet has to stand.
package chart
