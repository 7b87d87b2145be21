# SPDX-License-Identifier: Apache-2.0
"""Graphs that are refused, in the order in which make.py draws them."""
import numpy as np
from onnx import TensorProto, helper

from make_base import B, H, I, LAST, N, T, build, i64, lstm_weights, node, rows, sized, weight


def refusals():
    constants = lstm_weights(1, I, H)
    x = rows(True)
    extra = {"peepholes": (["x", "W", "R", "Bias", "", "", "", "P"], {}), "clip": (["x", "W", "R", "Bias"], {"clip": 3.0}),
             "input_forget": (["x", "W", "R", "Bias"], {"input_forget": 1}),
             "activations": (["x", "W", "R", "Bias"], {"activations": ["HardSigmoid", "Tanh", "Tanh"]})}
    for name, (inputs, attributes) in extra.items():
        build("refused_" + name, [node("LSTM", inputs, ["y"], hidden_size=H, **attributes)],
              {**constants, "P": weight(1, 3 * H)}, x, ["y"], run=False)
    build("refused_gru", [node("GRU", ["x", "W", "R"], ["y"], hidden_size=H)],
          {"W": weight(1, 3 * H, I), "R": weight(1, 3 * H, H)}, x, ["y"], run=False)
    build("refused_operator", [node("Erf", ["x"], ["y"])], {}, x, ["y"], run=False)
    then = helper.make_graph([node("Identity", ["x"], ["z"])], "then", [], [helper.make_empty_tensor_value_info("z")])
    build("refused_weights", [node("LSTM", ["x", "W", "R", "Bias"], ["y"], hidden_size=H)],
          {**constants, "R": weight(1, 4 * H, H + 1)}, x, ["y"], run=False)


def more_refusals():
    constants = {**lstm_weights(1, I, H), "one": np.array([1], np.int64)}
    x = rows(True)
    build("refused_rnn", [node("RNN", ["x", "W", "R"], ["y"], hidden_size=H)],
          {"W": weight(1, H, I), "R": weight(1, H, H)}, x, ["y"], run=False)
    nothing = helper.make_graph([], "body", [], [])
    build("refused_loop", [node("Loop", ["one", "", "x"], ["y"], body=nothing)], constants, x, ["y"], run=False)
    build("refused_scan", [node("Scan", ["x"], ["y"], body=nothing, num_scan_inputs=1)], {}, x, ["y"], run=False)
    lstm = [node("LSTM", ["x", "W", "R", "Bias"], ["y4"], hidden_size=H), node("Squeeze", ["y4", "one"], ["y3"])]
    build("refused_cast", [*lstm, node("Cast", ["y3"], ["y"], to=TensorProto.INT64)], constants, x, ["y"], run=False)
    flat = [node("LSTM", ["x", "W", "R", "Bias"], ["y4"], hidden_size=H), node("Squeeze", ["y4"], ["y3"], axes=[1])]
    build("refused_softmax", [*flat, node("Softmax", ["y3"], ["y"])], constants, x, ["y"], run=False, opset=11)
    build("refused_lengths", [node("LSTM", ["x", "W", "R", "Bias", "some"], ["y"], hidden_size=H)],
          {**constants, "some": np.array([3, 5], np.int32)}, x, ["y"], run=False)
    build("refused_states", [node("LSTM", ["x", "W", "R", "Bias", "", "h", "h"], ["y"], hidden_size=H)],
          {**constants, "h": weight(1, B, H)}, x, ["y"], run=False)
    build("refused_shape", [*lstm, node("Reshape", ["y3", "flat"], ["y"])],
          {**constants, "flat": np.array([B, -1], np.int64)}, x, ["y"], run=False)
    build("refused_bias", [*lstm, node("MatMul", ["y3", "F"], ["z"]), node("Add", ["z", "column"], ["y"])],
          {**constants, "F": weight(H, N), "column": weight(N, 1)}, x, ["y"], run=False)
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, None, I]),
              helper.make_tensor_value_info("W", TensorProto.FLOAT, [1, 4 * H, I])]
    build("refused_open_weights", [node("LSTM", ["x", "W", "R", "Bias"], ["y"], hidden_size=H)],
          {k: v for k, v in constants.items() if k != "W"}, x, ["y"], inputs, run=False)


def more_layouts_refused():
    x, one, states = rows(True), lstm_weights(1, I, H), sized(1, None, H, name="hs")
    constants = {**one, **LAST, "F": weight(H, N)}
    lstm = node("LSTM", ["x", "W", "R", "Bias"], ["y4", "h"], hidden_size=H)
    y3 = node("Squeeze", ["y4", "one"], ["y3"])
    length = sized(None, name="lens", kind=TensorProto.INT32)

    def refused(name, nodes, more=None, inputs=None, opset=14):
        build("refused_" + name, nodes, {**constants, **(more or {})}, x, ["y"], inputs, run=False, opset=opset)

    fixed, open_ = sized(T, B, I), sized(None, None, I)
    view = [lstm, y3, node("Reshape", ["y3", "view"], ["y"])]
    refused("view_fixed", view, {"view": i64(B, T, H)}, fixed)
    refused("view_open", [node("Shape", ["x"], ["s"]), node("Gather", ["s", "order"], ["o"]), node("Concat", ["o", "width"], ["view"], axis=0), *view],
            {"order": i64(1, 0), "width": i64(H)})
    refused("view_input", [node("Reshape", ["x", "view"], ["t"]), node("LSTM", ["t", "W", "R", "Bias"], ["y"], hidden_size=H)], {"view": i64(B, T, I)}, fixed)
    refused("flat_time", [lstm, y3, node("Flatten", ["y3"], ["y"])])
    refused("squeeze_batch", [lstm, y3, node("Squeeze", ["y3", "batch"], ["y"])], {"batch": i64(1)}, fixed)
    given = node("LSTM", ["x", "W", "R", "Bias", "lens"], ["y4", "h"], hidden_size=H)
    second = node("LSTM", ["y3", "W2", "R2"], ["y"], hidden_size=H)
    refused("lens_last", [given, y3, node("Gather", ["y3", "last"], ["y"], axis=0)], {"last": np.array(-1, np.int64)}, open_ + length)
    refused("lens_first_only", [given, y3, second], {"W2": weight(1, 4 * H, H), "R2": weight(1, 4 * H, H)}, open_ + length)
    refused("lens_turned", [node("Slice", ["lens", "m1", "least", "zero", "m1"], ["l"]),
                            node("LSTM", ["x", "W", "R", "Bias", "l"], ["y"], hidden_size=H)], {"least": i64(-2**63)}, open_ + length)
    refused("state_plus", [node("Add", ["hs", "ones"], ["h0"]), node("LSTM", ["x", "W", "R", "Bias", "", "h0"], ["y"], hidden_size=H)],
            {"ones": np.ones(1, np.float32)}, open_ + states)
    refused("domain", [lstm, y3, helper.make_node("Sigmoid", ["y3"], ["y"], name="n_y", domain="com.example")])
    refused("twice", [lstm, y3, node("Sigmoid", ["y3"], ["y"]), node("Relu", ["y3"], ["y"])])
    refused("repeats", [lstm, y3, node("Mul", ["y3", "ones"], ["y"])], {"ones": np.ones((3, 1, 1, 1), np.float32)})
    refused("bias_elsewhere", [lstm, y3, node("MatMul", ["y3", "F"], ["z"]), node("Transpose", ["z"], ["zt"], perm=[0, 2, 1]), node("Add", ["zt", "f"], ["y"])],
            {"f": weight(N)})
    refused("size_as_weight", [node("Shape", ["x"], ["s"]), node("Gather", ["s", "zero"], ["t"]), node("Cast", ["t"], ["f"], to=TensorProto.FLOAT), lstm, y3,
                               node("MatMul", ["y3", "F"], ["z"]), node("Add", ["z", "f"], ["y"])])
    refused("open_bound", [node("Shape", ["x"], ["s"]), node("Slice", ["s", "zero", "one"], ["t"]), node("Slice", ["Long", "zero", "t", "one"], ["F2"]), lstm, y3,
                           node("MatMul", ["y3", "F2"], ["y"])], {"Long": weight(H, N)})
    refused("broadcast", [node("Add", ["row", "column"], ["view"]), node("Reshape", ["x", "view"], ["y"])],
            {"row": i64(0, 0), "column": np.array([[0], [0]], np.int64)})
    refused("axis_twice", [node("Slice", ["Long", "from", "to", "axes"], ["F2"]), lstm, y3, node("MatMul", ["y3", "F2"], ["y"])],
            {"Long": weight(H, N), "from": i64(0, 1), "to": i64(2, 3), "axes": i64(1, 1)})
    refused("spread_cut", [node("Shape", ["x"], ["s"]), node("Slice", ["s", "one", "two"], ["b"]), node("Concat", ["one", "b", "units"], ["hs"], axis=0),
                           node("Expand", ["learned", "hs"], ["he"]), node("Slice", ["he", "one", "two", "one"], ["h0"]),
                           node("LSTM", ["x", "W", "R", "Bias", "", "h0"], ["y"], hidden_size=H)], {"two": i64(2), "units": i64(H), "learned": weight(1, 1, H)})
    refused("parts_view", [node("LSTM", ["x", "W2", "R2"], ["y4", "h"], hidden_size=H, direction="bidirectional"), node("Reshape", ["h", "view"], ["y"])],
            {"W2": weight(2, 4 * H, I), "R2": weight(2, 4 * H, H), "view": i64(-1, 2 * H)})
