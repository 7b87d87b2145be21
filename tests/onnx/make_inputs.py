#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the cases of graphs with several inputs: NAME/model.onnx, input.npy, input1.npy, expected.npy, as `graphs cases` reads them.

    python3 make_inputs.py OUT_FOLDER
"""
import os
import sys

import numpy as np
import onnxruntime

import make_base
from make_base import B, H, I, LAST, N, T, build, lstm_weights, node, sized, weight

F = 3  # features of a sequence


def case(name, nodes, constants, inputs, data):
    """One case; data: of each input, in the graph's order."""
    folder = os.path.join(make_base.OUT, name)
    os.makedirs(folder, exist_ok=True)
    build("model", nodes, constants, next(iter(data.values())), ["y"], inputs, run=False)
    os.replace(os.path.join(make_base.OUT, "model.onnx"), os.path.join(folder, "model.onnx"))
    y = onnxruntime.InferenceSession(os.path.join(folder, "model.onnx")).run(None, data)[0]
    for n, value in enumerate(data.values()):
        np.save(os.path.join(folder, f"input{n or ''}.npy"), value)
    np.save(os.path.join(folder, "expected.npy"), y)


def features():
    """Features of each sequence beside the last row of an LSTM, in front of the head; the features come first."""
    nodes = [node("Transpose", ["x"], ["t"], perm=[1, 0, 2]), node("LSTM", ["t", "W", "R", "Bias"], ["y4", "h"], hidden_size=H),
             node("Squeeze", ["h", "zero"], ["l"]), node("Concat", ["l", "site"], ["both"], axis=1), node("Gemm", ["both", "F", "bias"], ["y"])]
    case("second_input_features", nodes, {**lstm_weights(1, I, H), **LAST, "F": weight(H + F, N), "bias": weight(N)},
         sized(None, F, name="site") + sized(None, None, I), {"site": weight(B, F), "x": weight(B, T, I)})


def rows():
    """A second sequence beside the first, time first."""
    nodes = [node("Concat", ["x", "weather"], ["t"], axis=2), node("LSTM", ["t", "W", "R", "Bias"], ["y4"], hidden_size=H, direction="bidirectional"),
             node("Transpose", ["y4"], ["yt"], perm=[0, 2, 1, 3]), node("Reshape", ["yt", "flat"], ["y3"]), node("MatMul", ["y3", "F"], ["y"])]
    case("second_input_rows", nodes, {**lstm_weights(2, I + F, H), "flat": np.array([0, 0, -1], np.int64), "F": weight(2 * H, N)},
         sized(None, None, I) + sized(None, None, F, name="weather"), {"x": weight(T, B, I), "weather": weight(T, B, F)})


def decoder():
    """A decoder that is given what it said before (teacher forcing), of other steps than the encoder."""
    second = {"W2": weight(1, 4 * H, F), "R2": weight(1, 4 * H, H), "F": weight(H, N)}
    nodes = [node("Transpose", ["x"], ["t"], perm=[1, 0, 2]), node("LSTM", ["t", "W", "R", "Bias"], ["e4", "h", "c"], hidden_size=H),
             node("Transpose", ["said"], ["st"], perm=[1, 0, 2]), node("LSTM", ["st", "W2", "R2", "", "", "h", "c"], ["d4"], hidden_size=H),
             node("Squeeze", ["d4", "one"], ["d3"]), node("Transpose", ["d3"], ["d"], perm=[1, 0, 2]), node("MatMul", ["d", "F"], ["y"])]
    case("second_input_decoder", nodes, {**lstm_weights(1, I, H), **second, **LAST},
         sized(None, None, I) + sized(None, 7, F, name="said"), {"x": weight(B, T, I), "said": weight(B, 7, F)})


if __name__ == "__main__":
    make_base.OUT = sys.argv[1]
    os.makedirs(make_base.OUT, exist_ok=True)
    for draw in (features, rows, decoder):
        draw()
