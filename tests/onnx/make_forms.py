#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws graphs that are refused among forms that are read otherwise: tests/onnx/set/refused_*.onnx.

    python3 make_forms.py OUT_FOLDER
"""
import os
import sys

import numpy as np
from onnx import TensorProto, helper

import make_base
from make_base import B, H, I, LAST, T, build, i64, lstm_weights, node, sized, weight


def refused(name, nodes, more=None, inputs=None):
    build("refused_" + name, nodes, {**lstm_weights(1, I, H), **LAST, **(more or {})}, weight(T, B, I), ["y"], inputs, run=False, opset=14)


def ends():
    """States that are not handed on whole, or to a layer of another size."""
    whole = node("LSTM", ["x", "W", "R", "Bias"], ["y4", "h", "c"], hidden_size=H)
    decoder = {"W2": weight(1, 4 * H, I), "R2": weight(1, 4 * H, H)}
    refused("cell_computed", [whole, node("Sigmoid", ["c"], ["y"])])
    refused("half_end", [whole, node("LSTM", ["x", "W2", "R2", "", "", "h"], ["y"], hidden_size=H)], decoder)


def times():
    """Columns with a step, and a function of another slope."""
    last = node("LSTM", ["x", "W", "R", "Bias"], ["y4", "h"], hidden_size=H)
    refused("every_second", [last, node("Slice", ["h", "zero", "big", "axis", "two"], ["y"])], {"two": i64(2), "axis": i64(2)})
    refused("elu", [last, node("Elu", ["h"], ["y"], alpha=0.5)])


def lengths():
    """Last steps by lengths that another node does not have."""
    inputs = sized(None, None, I) + [helper.make_tensor_value_info(n, TensorProto.INT64, [None]) for n in ("lens", "other")]
    index = [node("Sub", ["lens", "one0"], ["l"]), node("Unsqueeze", ["l", "ends"], ["l3"]), node("Expand", ["l3", "sizes"], ["at"])]
    more = {"one0": np.array(1, np.int64), "ends": i64(0, 2), "sizes": i64(1, 1, H)}
    taken = [node("Squeeze", ["y4", "one"], ["y3"]), *index, node("GatherElements", ["y3", "at"], ["y"], axis=0)]
    refused("gather_backwards", [node("LSTM", ["x", "W", "R", "Bias"], ["y4"], hidden_size=H, direction="reverse"), *taken], more, inputs)
    refused("gather_others", [node("Cast", ["other"], ["o"], to=6), node("LSTM", ["x", "W", "R", "Bias", "o"], ["y4"], hidden_size=H), *taken], more, inputs)
    both = taken[:-1] + [node("GatherElements", ["y3", "at"], ["a"], axis=0), node("Squeeze", ["a", "zero"], ["a2"]),
                         node("Squeeze", ["h", "zero"], ["h2"]), node("Add", ["a2", "h2"], ["y"])]
    refused("gather_and_last", [node("LSTM", ["x", "W", "R", "Bias"], ["y4", "h"], hidden_size=H), *both], more, inputs)


if __name__ == "__main__":
    make_base.OUT = sys.argv[1]
    os.makedirs(make_base.OUT, exist_ok=True)
    for draw in (ends, times, lengths):
        draw()
