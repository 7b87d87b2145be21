#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the graphs of tests/onnx/set, what onnxruntime makes of each, and what has to be refused.

    python3 make.py OUT_FOLDER [torch]

Small networks with random weights, in the forms that exporters write (model after model below); with `torch`, real exports
of PyTorch by both of its exporters as well. NAME.onnx, NAME_x.npy, NAME_y.npy; refused_NAME.onnx has no data.
Needs: pip install onnx onnxruntime numpy (and torch, onnxscript)
"""
import os
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import make_base
from make_base import B, H, I, LAST, N, T, build, i64, lstm_weights, node, rng, rows, save, sized, weight
from make_refused import more_layouts_refused, more_refusals, refusals


def time_first():
    build("time_first", [node("LSTM", ["x", "W", "R", "Bias"], ["y4"], hidden_size=H),
                         node("Squeeze", ["y4", "one"], ["y"])],
          {**lstm_weights(1, I, H), "one": np.array([1], np.int64)}, rows(True), ["y"])


def layout_1():  # onnxruntime does not run it: checked against the same network with layout 0
    constants = lstm_weights(1, I, H)
    x = rows()
    nodes = [node("Transpose", ["x"], ["t"], perm=[1, 0, 2]), node("LSTM", ["t", "W", "R", "Bias"], ["y4"], hidden_size=H),
             node("Squeeze", ["y4", "one"], ["ty"]), node("Transpose", ["ty"], ["y"], perm=[1, 0, 2])]
    build("layout_1", nodes, {**constants, "one": np.array([1], np.int64)}, x, ["y"])
    y = np.load(os.path.join(make_base.OUT, "layout_1_y.npy"))
    build("layout_1", [node("LSTM", ["x", "W", "R", "Bias"], ["y4"], hidden_size=H, layout=1),
                       node("Squeeze", ["y4", "two"], ["y"])],
          {**constants, "two": np.array([2], np.int64)}, x, ["y"], run=False)
    np.save(os.path.join(make_base.OUT, "layout_1_y.npy"), y)


def reverse():
    build("reverse", [node("LSTM", ["x", "W", "R", "Bias"], ["y4"], hidden_size=H, direction="reverse"),
                      node("Squeeze", ["y4", "one"], ["y"])],
          {**lstm_weights(1, I, H), "one": np.array([1], np.int64)}, rows(True), ["y"])


def both_states():  # torch: cat(h[-2], h[-1]) of a bidirectional layer, then Linear and Softmax
    build("both_states", [node("Transpose", ["x"], ["t"], perm=[1, 0, 2]),
                          node("LSTM", ["t", "W", "R", "Bias"], ["y4", "h"], hidden_size=H, direction="bidirectional"),
                          node("Gather", ["h", "m2"], ["a"], axis=0), node("Gather", ["h", "m1"], ["b"], axis=0),
                          node("Concat", ["a", "b"], ["ab"], axis=-1),
                          node("Gemm", ["ab", "F", "f"], ["z"], transB=1, alpha=0.5, beta=2.0), node("Softmax", ["z"], ["y"])],
          {**lstm_weights(2, I, H), "m2": np.array(-2, np.int64), "m1": np.array(-1, np.int64),
           "F": weight(N, 2 * H), "f": weight(N)}, rows(), ["y"])


def stack_states():  # h of all layers put together, the last one taken
    first, second = lstm_weights(1, I, H), lstm_weights(1, H, H)
    build("stack_states", [node("Transpose", ["x"], ["t"], perm=[1, 0, 2]),
                           node("LSTM", ["t", "W", "R", "Bias"], ["y4", "h0"], hidden_size=H),
                           node("Squeeze", ["y4", "one"], ["y3"]),
                           node("LSTM", ["y3", "W2", "R2", "B2"], ["z4", "h1"], hidden_size=H),
                           node("Concat", ["h0", "h1"], ["h"], axis=0), node("Gather", ["h", "m1"], ["last"], axis=0),
                           node("Gemm", ["last", "F", "f"], ["y"])],
          {**first, "W2": second["W"], "R2": second["R"], "B2": second["Bias"], "one": np.array([1], np.int64),
           "m1": np.array(-1, np.int64), "F": weight(H, N), "f": weight(N)}, rows(), ["y"])


def folded():  # the newer exporter of torch: R cut and put together again in the graph, opset 20
    whole = lstm_weights(1, I, H)
    gates = np.split(whole["R"][0], 4)  # i, o, f, c; torch has i, f, c, o
    torch_r = np.concatenate([gates[0], gates[2], gates[3], gates[1]])
    cut = [node("Slice", ["Rt", "s%d" % n, "e%d" % n, "zero"], ["p%d" % n]) for n in range(4)]
    bounds = {"s%d" % n: np.array([n * H], np.int64) for n in range(4)}
    bounds.update({"e%d" % n: np.array([(n + 1) * H], np.int64) for n in range(4)})
    build("folded", [*cut, node("Concat", ["p0", "p3", "p1", "p2"], ["Rc"], axis=0), node("Unsqueeze", ["Rc", "zero"], ["R"]),
                     node("Transpose", ["x"], ["t"], perm=[1, 0, 2]),
                     node("LSTM", ["t", "W", "R", "Bias"], ["y4"], hidden_size=H),
                     node("Transpose", ["y4"], ["yt"], perm=[0, 2, 1, 3]), node("Reshape", ["yt", "shape"], ["y3"]),
                     node("Transpose", ["y3"], ["y"], perm=[1, 0, 2])],
          {"W": whole["W"], "Bias": whole["Bias"], "Rt": torch_r, "zero": np.array([0], np.int64),
           "shape": np.array([0, 0, -1], np.int64), **bounds}, rows(), ["y"], opset=20)


def zeros_by_shape():  # zero states out of Shape, Gather, Concat, Expand; last step by Slice and Squeeze
    build("zeros_by_shape", [node("Shape", ["x"], ["s"]), node("Gather", ["s", "i0"], ["b"], axis=0),
                             node("Unsqueeze", ["b", "zero"], ["b1"]), node("Concat", ["one", "b1", "h"], ["hs"], axis=0),
                             node("Expand", ["nought", "hs"], ["h0"]), node("Transpose", ["x"], ["t"], perm=[1, 0, 2]),
                             node("LSTM", ["t", "W", "R", "Bias", "", "h0", "h0"], ["y4"], hidden_size=H),
                             node("Squeeze", ["y4", "one"], ["y3"]), node("Slice", ["y3", "m1", "big", "zero"], ["l"]),
                             node("Squeeze", ["l", "zero"], ["y2"]), node("MatMul", ["y2", "F"], ["z"]),
                             node("Add", ["z", "f"], ["za"]), node("Relu", ["za"], ["y"])],
          {**lstm_weights(1, I, H), "i0": np.array(0, np.int64), "zero": np.array([0], np.int64),
           "one": np.array([1], np.int64), "h": np.array([H], np.int64), "nought": np.zeros((1, 1, 1), np.float32),
           "m1": np.array([-1], np.int64), "big": np.array([2**62], np.int64), "F": weight(H, N), "f": weight(N)},
          rows(), ["y"])


def constant_states():
    h = weight(1, 1, H).repeat(B, 1)
    c = weight(1, 1, H).repeat(B, 1)
    build("constant_states", [node("LSTM", ["x", "W", "R", "Bias", "", "h", "c"], ["y4"], hidden_size=H),
                              node("Squeeze", ["y4", "one"], ["y"])],
          {**lstm_weights(1, I, H), "h": h, "c": c, "one": np.array([1], np.int64)}, rows(True), ["y"])


def symbols():
    inputs = [helper.make_tensor_value_info("x", TensorProto.INT64, [None, None])]
    build("symbols", [node("Gather", ["E", "x"], ["e"]), node("Transpose", ["e"], ["t"], perm=[1, 0, 2]),
                      node("LSTM", ["t", "W", "R", "Bias"], ["y4"], hidden_size=H), node("Squeeze", ["y4", "one"], ["y3"]),
                      node("Transpose", ["y3"], ["yb"], perm=[1, 0, 2]), node("MatMul", ["yb", "F"], ["z"]),
                      node("Sigmoid", ["z"], ["y"])],
          {**lstm_weights(1, I, H), "E": weight(7, I), "one": np.array([1], np.int64), "F": weight(H, N)},
          rng.integers(0, 7, (B, T)), ["y"], inputs)


def merged():  # Keras and tf2onnx: rows of all sequences and steps as one matrix for the dense layer
    build("merged", [node("Transpose", ["x"], ["t"], perm=[1, 0, 2]),
                     node("LSTM", ["t", "W", "R", "Bias"], ["y4"], hidden_size=H), node("Squeeze", ["y4", "one"], ["y3"]),
                     node("Transpose", ["y3"], ["yb"], perm=[1, 0, 2]), node("Reshape", ["yb", "flat"], ["m"]),
                     node("MatMul", ["m", "F"], ["z"]), node("Add", ["z", "f"], ["za"]),
                     node("Reshape", ["za", "back"], ["y"])],
          {**lstm_weights(1, I, H), "one": np.array([1], np.int64), "flat": np.array([-1, H], np.int64),
           "back": np.array([-1, T, N], np.int64), "F": weight(H, N), "f": weight(N)}, rows(), ["y"])


def argmax():
    build("argmax", [node("LSTM", ["x", "W", "R", "Bias"], ["y4"], hidden_size=H), node("Squeeze", ["y4", "one"], ["y3"]),
                     node("ArgMax", ["y3"], ["y"], axis=2, keepdims=1)],
          {**lstm_weights(1, I, H), "one": np.array([1], np.int64)}, rows(True), ["y"])


def outside():  # weights in a side file
    source = os.path.join(make_base.OUT, "both_states")
    onnx.save_model(onnx.load(source + ".onnx"), os.path.join(make_base.OUT, "outside.onnx"), save_as_external_data=True,
                    all_tensors_to_one_file=True, location="outside.onnx.data", size_threshold=64)
    for which in "_x.npy", "_y.npy":
        np.save(os.path.join(make_base.OUT, "outside" + which), np.load(source + which))


def transposed(nodes, constants):  # x [B,T,I] as t, and one layer's y4 back as y
    return [node("Transpose", ["x"], ["t"], perm=[1, 0, 2]), *nodes, node("Squeeze", ["y4", "one"], ["y3"]),
            node("Transpose", ["y3"], ["y"], perm=[1, 0, 2])], {**constants, "one": np.array([1], np.int64)}


def lengths():  # sequence_lens from an input of the graph: every step, and the last ones
    length = np.array([3, T], np.int32)
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, None, I]),
              helper.make_tensor_value_info("lengths", TensorProto.INT32, [None])]
    for name, ends in (("lengths", [node("Transpose", ["y4"], ["yt"], perm=[2, 0, 1, 3]), node("Reshape", ["yt", "rows"], ["y"])]),
                       ("lengths_last", [node("Transpose", ["h"], ["ht"], perm=[1, 0, 2]), node("Flatten", ["ht"], ["y"])])):
        build(name, [node("Transpose", ["x"], ["t"], perm=[1, 0, 2]),
                     node("LSTM", ["t", "W", "R", "Bias", "lengths"], ["y4", "h"], hidden_size=H, direction="bidirectional"), *ends],
              {**lstm_weights(2, I, H), "rows": np.array([0, 0, -1], np.int64)}, rows(), ["y"], inputs, feed={"lengths": length})
        np.save(os.path.join(make_base.OUT, name + "_len.npy"), length)


def whole_lengths():  # sequence_lens of all steps, out of the shape of x
    nodes, constants = transposed([
        node("Shape", ["x"], ["s"]), node("Slice", ["s", "nought", "one"], ["b"]), node("Gather", ["s", "i1"], ["steps"], axis=0),
        node("Expand", ["steps", "b"], ["wide"]), node("Cast", ["wide"], ["all"], to=TensorProto.INT32),
        node("LSTM", ["t", "W", "R", "Bias", "all"], ["y4"], hidden_size=H)],
        {**lstm_weights(1, I, H), "nought": np.array([0], np.int64), "i1": np.array(1, np.int64)})
    build("whole_lengths", nodes, constants, rows(), ["y"])


def learned_states():  # torch: h0.expand(-1, B, -1) of a parameter of two layers, the first one cut off
    nodes, constants = transposed([
        node("Shape", ["x"], ["s"]), node("Gather", ["s", "i0"], ["b"], axis=0), node("Unsqueeze", ["b", "nought"], ["b1"]),
        node("Concat", ["minus", "b1", "minus"], ["shape"], axis=0), node("Shape", ["shape"], ["ss"]),
        node("ConstantOfShape", ["ss"], ["ones"], value=numpy_helper.from_array(np.array([1], np.int64))),
        node("Mul", ["ones", "minus"], ["minuses"]), node("Equal", ["shape", "minuses"], ["open"]),
        node("Where", ["open", "ones", "shape"], ["wanted"]), node("Expand", ["learned", "wanted"], ["hs"]),
        node("Slice", ["hs", "nought", "one", "nought"], ["h"]),
        node("LSTM", ["t", "W", "R", "Bias", "", "h", "h"], ["y4"], hidden_size=H)],
        {**lstm_weights(1, I, H), "i0": np.array(0, np.int64), "nought": np.array([0], np.int64),
         "minus": np.array([-1], np.int64), "learned": weight(2, 1, H)})
    build("learned_states", nodes, constants, rows(), ["y"])


def fork():  # what a Relu reads is read by another node too
    build("fork", [node("Transpose", ["x"], ["t"], perm=[1, 0, 2]), node("LSTM", ["t", "W", "R", "Bias"], ["y4", "h"], hidden_size=H),
                   node("Squeeze", ["h", "nought"], ["h2"]), node("Gemm", ["h2", "F"], ["z"]),
                   node("Reshape", ["z", "same"], ["zr"]), node("Relu", ["zr"], ["r"]), node("Concat", ["z", "r"], ["y"], axis=1)],
          {**lstm_weights(1, I, H), "nought": np.array([0], np.int64), "same": np.array([-1, N], np.int64), "F": weight(H, N)},
          rows(), ["y"])


def node_tests():  # the LSTM tests of the onnx package, their weights as constants; y: [.., directions * H] at the end
    from onnx.backend.test.case import node as cases
    for case in cases.collect_testcases("LSTM"):
        name = case.name.replace("test_", "node_")
        inputs, outputs = case.data_sets[0]
        graph = case.model.graph
        wanted = None if case.name == "test_lstm_with_peepholes" else outputs[0]
        for entry, value in list(zip(list(graph.input), inputs))[1:]:
            graph.initializer.append(numpy_helper.from_array(value, entry.name))
            graph.input.remove(entry)
        if wanted is None:
            save("refused_node_peepholes", case.model, None, False)
            continue
        if case.name == "test_lstm_bidirectional" and wanted.ndim == 4:  # Y [T,D,B,H]
            wanted = wanted.transpose(0, 2, 1, 3)
        elif case.name == "test_lstm_bidirectional":  # Y_h [D,B,H]
            wanted = wanted.transpose(1, 0, 2)
        save(name, case.model, None, False)
        np.save(os.path.join(make_base.OUT, name + "_x.npy"), inputs[0])
        np.save(os.path.join(make_base.OUT, name + "_y.npy"), wanted)


def layouts():  # axes, rows and lengths that move, each as onnxruntime has it
    x, one = rows(True), lstm_weights(1, I, H)
    lstm = node("LSTM", ["x", "W", "R", "Bias"], ["y4", "h"], hidden_size=H)
    build("batch_1_view", [node("Reshape", ["x", "view"], ["t"]), node("LSTM", ["t", "W", "R", "Bias"], ["y4"], hidden_size=H),
                           node("Reshape", ["y4", "back"], ["y"])],
          {**one, "view": i64(T, 1, I), "back": i64(1, T, H)}, weight(1, T, I), ["y"], sized(1, T, I))
    build("squeeze_width", [lstm, node("Squeeze", ["h", "zero"], ["h2"]), node("MatMul", ["h2", "F"], ["z"]), node("Squeeze", ["z", "m1"], ["y"])],
          {**one, **LAST, "F": weight(H, 1)}, x, ["y"])
    build("old_slice", [lstm, node("Squeeze", ["y4"], ["y3"], axes=[1]), node("Slice", ["y3"], ["l"], starts=[-1], ends=[2**31 - 1], axes=[0]),
                        node("Squeeze", ["l"], ["y"], axes=[0])], one, x, ["y"], opset=9)
    build("small_letters", [node("LSTM", ["x", "W", "R", "Bias"], ["y4"], hidden_size=H, activations=["sigmoid", "tanh", "TANH"]),
                            node("Squeeze", ["y4", "one"], ["y"])], {**one, **LAST}, x, ["y"])
    build("last_number", [lstm, node("Squeeze", ["y4", "one"], ["y3"]), node("Gather", ["y3", "last"], ["y"], axis=0)],
          {**one, **LAST, "last": np.array(T - 1, np.int64)}, x, ["y"], sized(T, None, I))
    build("turned_slice", [node("Slice", ["x", "m1", "least", "zero", "m1"], ["t"]), node("LSTM", ["t", "W", "R", "Bias"], ["y4"], hidden_size=H),
                           node("Squeeze", ["y4", "one"], ["y3"]), node("Slice", ["y3", "m1", "least", "zero", "m1"], ["y"])],
          {**one, **LAST, "least": i64(-2**63)}, x, ["y"])
    build("shape_part", [lstm, node("Squeeze", ["y4", "one"], ["y3"]), node("Shape", ["y3"], ["s"], start=1, end=3),
                         node("Concat", ["m1", "s"], ["same"], axis=0), node("Reshape", ["y3", "same"], ["y"])],
          {**one, **LAST}, x, ["y"], opset=15)
    build("two_outputs", [lstm, node("Squeeze", ["h", "zero"], ["y"])], {**one, **LAST}, x, ["y", "h"])
    build("argmax_flat", [lstm, node("Squeeze", ["y4", "one"], ["y3"]), node("ArgMax", ["y3"], ["y"], axis=-1, keepdims=0)], {**one, **LAST}, x, ["y"])
    build("fixed_by_view", [lstm, node("Reshape", ["y4", "flat"], ["m"]), node("MatMul", ["m", "F"], ["z"]), node("Reshape", ["z", "back"], ["y"])],
          {**one, "flat": i64(-1, H), "F": weight(H, N), "back": i64(T, -1, N)}, x, ["y"])
    build("stacked_rows", [lstm, node("Squeeze", ["h", "zero"], ["a"]), node("Unsqueeze", ["a", "zero"], ["b"]), node("Concat", ["b", "b"], ["c"], axis=0),
                           node("Gather", ["c", "m1"], ["y3"], axis=0), node("Squeeze", ["y3", "zero"], ["y"])], {**one, **LAST}, x, ["y"])


def torch_exports():
    import torch

    class Net(torch.nn.Module):
        def __init__(self, both):
            super().__init__()
            self.lstm = torch.nn.LSTM(I, H, num_layers=2, batch_first=True, bidirectional=both)
            self.head = torch.nn.Linear(H * (2 if both else 1), N)

        def forward(self, x):
            return self.head(self.lstm(x)[0])

    torch.manual_seed(1)
    x = rows()
    for both in (False, True):
        for new in (False, True):
            name = "torch_%s_%s" % ("both" if both else "stack", "new" if new else "old")
            path = os.path.join(make_base.OUT, name + ".onnx")
            arguments = {"dynamic_axes": {"x": {0: "B", 1: "T"}}} if not new else {
                "dynamic_shapes": {"x": {0: torch.export.Dim("B"), 1: torch.export.Dim("T")}}, "external_data": False}
            torch.onnx.export(Net(both).eval(), (torch.as_tensor(x),), path, dynamo=new, input_names=["x"], **arguments)
            y = onnxruntime.InferenceSession(path).run(None, {"x": x})[0]
            np.save(os.path.join(make_base.OUT, name + "_x.npy"), x)
            np.save(os.path.join(make_base.OUT, name + "_y.npy"), y)


if __name__ == "__main__":
    make_base.OUT = sys.argv[1]
    os.makedirs(make_base.OUT, exist_ok=True)
    for draw in (time_first, layout_1, reverse, both_states, stack_states, folded, zeros_by_shape, constant_states, symbols,
                 merged, argmax, outside, refusals, lengths, whole_lengths, learned_states, fork, node_tests, more_refusals,
                 layouts, more_layouts_refused):
        draw()
    if "torch" in sys.argv[2:]:
        torch_exports()
