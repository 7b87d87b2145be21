#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws graphs with several outputs, and with steps of their own: NAME.onnx, NAME_x.npy, NAME_y.npy (the first output) of tests/onnx/set.

    python3 make_decoders.py OUT_FOLDER
"""
import os
import sys

import numpy as np

import make_base
from make_base import B, H, I, LAST, N, build, i64, lstm_weights, node, rows, sized, weight


def states():
    """Rows with a head, and the states that the caller hands in again."""
    inputs = sized(None, None, I) + sized(1, None, H, name="h0") + sized(1, None, H, name="c0")
    build("state_outputs", [node("LSTM", ["x", "W", "R", "Bias", "", "h0", "c0"], ["y4", "hn", "cn"], hidden_size=H), node("Squeeze", ["y4", "one"], ["y3"]),
                            node("MatMul", ["y3", "F"], ["y"])], {**lstm_weights(1, I, H), **LAST, "F": weight(H, N)}, rows(True), ["y", "hn", "cn"], inputs,
          feed={k: np.zeros((1, B, H), np.float32) for k in ("h0", "c0")})


def heads():
    """Two heads of one layer, of which the first is read by the second too, its rows, and the input itself."""
    lstm = node("LSTM", ["x", "W", "R", "Bias"], ["y4", "h"], hidden_size=H)
    head = [lstm, node("Squeeze", ["h", "zero"], ["l"]), node("Gemm", ["l", "F"], ["y"])]
    constants = {**lstm_weights(1, I, H), **LAST, "F": weight(H, N)}
    build("many_heads", [*head, node("Relu", ["y"], ["z"]), node("Sigmoid", ["y"], ["p"]), node("Identity", ["y"], ["again"]), node("Identity", ["x"], ["own"])],
          constants, rows(True), ["y", "z", "p", "again", "y4", "own"])
    build("refused_one_of_two", [*head, node("Erf", ["y"], ["z"])], constants, rows(True), ["z", "y"], run=False)
    build("refused_many_outputs", [*head, *[node("Tanh", ["y"], [f"t{n}"]) for n in range(9)]], constants, rows(True), [f"t{n}" for n in range(9)], run=False)


def other_steps():
    """A decoder of more steps than the encoder, with a dense layer on all of its rows; a layer along some of the steps."""
    encoder = node("LSTM", ["x", "W", "R", "Bias"], ["y4", "h"], hidden_size=H)
    second = {"W2": weight(1, 4 * N, H), "R2": weight(1, 4 * N, N), "F": weight(N, I)}
    build("decoder_of_7", [encoder, node("Expand", ["h", "sizes"], ["each"]), node("LSTM", ["each", "W2", "R2"], ["d4"], hidden_size=N),
                           node("Squeeze", ["d4", "one"], ["d"]), node("Reshape", ["d", "flat"], ["m"]), node("MatMul", ["m", "F"], ["z"]),
                           node("Reshape", ["z", "back"], ["y"])],
          {**lstm_weights(1, I, H), **second, "sizes": i64(7, 1, 1), "flat": i64(-1, N), "back": i64(7, -1, I), **LAST}, rows(True), ["y"], sized(None, None, I))
    build("middle_steps", [node("Slice", ["x", "one", "four", "zero"], ["part"]), node("LSTM", ["part", "W", "R", "Bias"], ["y4", "h"], hidden_size=H, direction="reverse"),
                           node("Squeeze", ["y4", "one"], ["y"])], {**lstm_weights(1, I, H), **LAST, "four": i64(4)}, rows(True), ["y"], sized(None, None, I))


if __name__ == "__main__":
    make_base.OUT = sys.argv[1]
    os.makedirs(make_base.OUT, exist_ok=True)
    for draw in (heads, states, other_steps):
        draw()
