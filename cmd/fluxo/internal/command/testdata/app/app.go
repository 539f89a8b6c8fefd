package main

import (
	"context"
	"fmt"
	"os"
	"strings"
)

//fluxo:volatile 1h
func Ask(ctx context.Context, q string) (string, error) {
	if q == "panic" {
		panic("asked to")
	}
	fmt.Println("asked", q)
	return "answer to " + q, nil
}

//fluxo:flow
func Answer(ctx context.Context, q string) (string, error) {
	a, err := Ask(ctx, q)
	if err != nil {
		return "", err
	}
	return a, nil
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "panic" {
		_, _ = Answer(context.Background(), "panic")
	}
	if len(os.Args) > 1 {
		fmt.Println(strings.Join(os.Args[1:], " "))
		os.Exit(3)
	}
	for i := 0; i < 2; i++ {
		a, err := Answer(context.Background(), "x")
		fmt.Println(a, err)
	}
}
