//go:build !amd64 || purego

package media

func convolveFolded(dst, x []float32, step int, c *[foldHalf]float32) {
	convolveFoldedGo(dst, x, step, c)
}

func widen(dst []float32, data []byte) { widenGo(dst, data) }
