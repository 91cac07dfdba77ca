//go:build amd64 && !purego

#include "textflag.h"

// The lanes of a vector from last to first.
DATA reversed<>+0(SB)/4, $7
DATA reversed<>+4(SB)/4, $6
DATA reversed<>+8(SB)/4, $5
DATA reversed<>+12(SB)/4, $4
DATA reversed<>+16(SB)/4, $3
DATA reversed<>+20(SB)/4, $2
DATA reversed<>+24(SB)/4, $1
DATA reversed<>+28(SB)/4, $0
GLOBL reversed<>(SB), RODATA|NOPTR, $32

// FOLD leaves in out the eight partial sums of the window at SI, and goes on to the next window: lane i is
// c[i]*(w[i]+w[31-i]) + c[8+i]*(w[8+i]+w[23-i]).
#define FOLD(out, tmp) \
	VPERMPS 96(SI), Y15, out \
	VPERMPS 64(SI), Y15, tmp \
	VADDPS  (SI), out, out   \
	VADDPS  32(SI), tmp, tmp \
	VMULPS  Y13, out, out    \
	VMULPS  Y14, tmp, tmp    \
	VADDPS  tmp, out, out    \
	ADDQ    DX, SI

// func convolveFoldedAVX2(dst, x []float32, step int, c *[foldHalf]float32)
TEXT ·convolveFoldedAVX2(SB), NOSPLIT, $0-64
	MOVQ    dst_base+0(FP), DI
	MOVQ    dst_len+8(FP), CX
	MOVQ    x_base+24(FP), SI
	MOVQ    step+48(FP), DX
	MOVQ    c+56(FP), AX
	SHLQ    $2, DX
	VMOVUPS (AX), Y13
	VMOVUPS 32(AX), Y14
	VMOVDQU reversed<>(SB), Y15

four:
	FOLD(Y0, Y4)
	FOLD(Y1, Y5)
	FOLD(Y2, Y6)
	FOLD(Y3, Y7)

	// Neighbouring lanes are added, twice, which leaves the four outputs' lower halves in the lower half of Y0
	// and their upper halves in the upper.
	VHADDPS      Y1, Y0, Y0
	VHADDPS      Y3, Y2, Y2
	VHADDPS      Y2, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0
	VMOVUPS      X0, (DI)
	ADDQ         $16, DI
	SUBQ         $4, CX
	JNZ          four
	VZEROUPPER
	RET

// func widenAVX2(dst []float32, data []byte)
TEXT ·widenAVX2(SB), NOSPLIT, $0-48
	MOVQ dst_base+0(FP), DI
	MOVQ dst_len+8(FP), CX
	MOVQ data_base+24(FP), SI
	SHRQ $3, CX
	JZ   done

eight:
	VPMOVSXWD (SI), Y0
	VCVTDQ2PS Y0, Y0
	VMOVUPS   Y0, (DI)
	ADDQ      $16, SI
	ADDQ      $32, DI
	DECQ      CX
	JNZ       eight
	VZEROUPPER

done:
	RET
