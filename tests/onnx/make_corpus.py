#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/onnx/corpus: nineteen networks of the make-up that public .onnx projects have, as their exporters write them.

    python3 make_corpus.py OUT_FOLDER

Each folder: model.onnx, input.npy, expected.npy (onnxruntime's), lens.npy where lengths are an input, about.txt: one line;
refused.txt: words of the sentence where it does not run; near.txt where onnxruntime itself computes in int8. Small random weights.
"""
import os
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

B, T, I, H, N = 3, 6, 4, 8, 5
F32, I64, I32 = TensorProto.FLOAT, TensorProto.INT64, TensorProto.INT32


class Net:
    """Nodes and constants of one network."""

    def __init__(self, seed, opset=14):
        self.r, self.opset = np.random.default_rng(seed), opset
        self.nodes, self.consts, self.count, self.domains = [], {}, 0, []

    def c(self, value, dtype=np.float32):
        self.count += 1
        self.consts[f"c{self.count}"] = np.asarray(value, dtype)
        return f"c{self.count}"

    def i(self, *values):
        return self.c(list(values), np.int64)

    def w(self, *shape):
        return self.c(0.5 * self.r.standard_normal(shape))

    def n(self, op, *inputs, outputs=1, **attributes):
        self.count += 1
        names = [f"v{self.count}_{k}" for k in range(outputs)]
        self.nodes.append(helper.make_node(op, list(inputs), names, name=f"{op}_{self.count}", **attributes))
        return names[0] if outputs == 1 else names

    def lstm(self, x, inputs, units=H, both=False, lens="", h="", c=""):
        """[T,B,I] to Y [T,D,B,H], Y_h, Y_c."""
        d = 2 if both else 1
        return self.n("LSTM", x, self.w(d, 4 * units, inputs), self.w(d, 4 * units, units), self.w(d, 8 * units), lens, h, c, outputs=3,
                      hidden_size=units, **({"direction": "bidirectional"} if both else {}))

    def turn(self, x):
        return self.n("Transpose", x, perm=[1, 0, 2])

    def squeeze(self, x, *axes):
        return self.n("Squeeze", x, axes=list(axes)) if self.opset < 13 else self.n("Squeeze", x, self.i(*axes))

    def rows(self, x, inputs, units=H, **more):
        """[B,T,I] to [B,T,H] as torch has it."""
        return self.turn(self.squeeze(self.lstm(self.turn(x), inputs, units, **more)[0], 1))

    def dense(self, x, inputs, units):
        return self.n("Gemm", x, self.w(units, inputs), self.w(units), transB=1)

    def save(self, folder, about, y, shape=(B, T, I), dims=None, kind=F32, lens=False, refused=None, near=False):
        os.makedirs(folder, exist_ok=True)
        inputs = [helper.make_tensor_value_info("x", kind, dims or ["B", "T", *shape[2:]])]
        feed = {"x": self.r.standard_normal(shape).astype(np.float32) if kind == F32 else self.r.integers(0, 9, shape)}
        if lens:
            inputs.append(helper.make_tensor_value_info("lens", lens, ["B"]))
            feed["lens"] = np.array([T, 2, 4], np.int32 if lens == I32 else np.int64)
            np.save(os.path.join(folder, "lens.npy"), feed["lens"].astype(np.int32))
        outputs = [helper.make_empty_tensor_value_info(o) for o in ([y] if isinstance(y, str) else y)]
        graph = helper.make_graph(self.nodes, os.path.basename(folder), inputs, outputs, [numpy_helper.from_array(v, k) for k, v in self.consts.items()])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)] + [helper.make_opsetid(d, 1) for d in self.domains])
        model.ir_version = 8
        path = os.path.join(folder, "model.onnx")
        onnx.save(model, path)
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        np.save(os.path.join(folder, "input.npy"), feed["x"])
        np.save(os.path.join(folder, "expected.npy"), session.run(None, feed)[0])
        for name, text in (("about", about), ("refused", refused), ("near", near and "onnxruntime quantises activations itself")):
            if text:
                with open(os.path.join(folder, name + ".txt"), "w", encoding="ascii") as file:
                    file.write(text + "\n")


def last(net, x):
    return net.n("Gather", x, net.c(-1, np.int64), axis=1)


def batch_norm(net, x, width):
    return net.n("BatchNormalization", x, net.w(width), net.w(width), net.w(width), net.c(0.5 + net.r.random(width)))


def stacked_classifier(net):
    x = net.rows(net.rows("x", I), H)
    return "torch: two layers, last step, linear, log_softmax", net.n("LogSoftmax", net.dense(last(net, x), H, N), axis=1), {}


def keras_norm(net):
    x = net.rows("x", I)
    x = net.n("Add", net.n("Mul", x, net.w(H)), net.w(H))
    x = net.n("Relu", net.dense(last(net, net.rows(x, H)), H, N))
    return "Keras by tf2onnx: BatchNormalization as Mul and Add between layers, ReLU, softmax", net.n("Softmax", net.dense(x, N, 3), axis=1), {}


def norm_head(net):
    h = net.squeeze(net.lstm(net.turn("x"), I)[1], 0)
    return "torch: final state, BatchNorm1d, LeakyReLU, linear", net.dense(net.n("LeakyRelu", batch_norm(net, h, H), alpha=0.1), H, N), {}


def autoencoder(net):
    h = net.lstm(net.turn("x"), I)[1]
    y = net.turn(net.squeeze(net.lstm(net.n("Expand", h, net.i(T, 1, 1)), H)[0], 1))
    y = net.n("Add", net.n("MatMul", y, net.w(H, I)), net.w(I))
    return "Keras: LSTM autoencoder (RepeatVector, TimeDistributed)", y, {"dims": ["B", T, I]}


def seq2seq(net):
    a = net.lstm(net.turn("x"), I)
    b = net.lstm(net.squeeze(a[0], 1), H)
    h, c = net.n("Concat", a[1], b[1], axis=0), net.n("Concat", a[2], b[2], axis=0)
    first = [net.n("Slice", s, net.i(0), net.i(1), net.i(0)) for s in (h, c)]
    second = [net.n("Slice", s, net.i(1), net.i(2), net.i(0)) for s in (h, c)]
    y = net.squeeze(net.lstm(net.turn("x"), I, h=first[0], c=first[1])[0], 1)
    y = net.turn(net.squeeze(net.lstm(y, H, h=second[0], c=second[1])[0], 1))
    return "torch: encoder and decoder of two layers, states handed on", net.n("MatMul", y, net.w(H, N)), {}


def both_mean(net):
    y = net.n("Transpose", net.lstm(net.turn("x"), I, both=True)[0], perm=[2, 0, 1, 3])
    y = net.n("ReduceMean", net.n("Reshape", y, net.i(0, 0, 2 * H)), axes=[1], keepdims=0)
    return "torch: bidirectional, mean over time, linear, sigmoid", net.n("Sigmoid", net.dense(y, 2 * H, 1)), {}


def text_pools(net):
    e = net.n("Gather", net.w(9, I), "x")
    y = net.rows(e, I)
    pools = [net.n(op, y, axes=[1], keepdims=0) for op in ("ReduceMean", "ReduceMax")] + [last(net, y)]
    return "text: embedding, mean and largest over time and the last step side by side", net.dense(net.n("Concat", *pools, axis=1), 3 * H, N), {
        "kind": I64, "shape": (B, T), "dims": ["B", "T"]}


def channels_first(net):
    x = net.n("Transpose", "x", perm=[0, 2, 1])
    return "sensors: channels first, [batch, channels, time]", net.dense(last(net, net.rows(x, I)), H, N), {"shape": (B, I, T), "dims": ["B", I, "T"]}


def univariate(net):
    x = net.n("Unsqueeze", "x", net.i(2))
    y = net.dense(last(net, net.rows(x, 1)), H, 1)
    return "forecast of one series: [batch, time] in, [batch] out", net.squeeze(y, 1), {"shape": (B, T), "dims": ["B", "T"]}


def old_export(net):
    y = net.squeeze(net.lstm(net.n("Transpose", "x", perm=[1, 0, 2]), I)[0], 1)
    y = net.n("Slice", y, starts=[-1], ends=[2**31 - 1], axes=[0])
    return "torch 1.1: operator set 9, bounds as attributes", net.dense(net.squeeze(y, 0), H, N), {}


def dynamic_int8(net):
    net.domains = ["com.microsoft"]
    weights = [net.r.integers(-63, 64, s).astype(np.int8)  # reduce_range, as on hosts whose sums of int8 saturate
                for s in ((1, I, 4 * H), (1, H, 4 * H), (H, N))]
    w, r, f = [net.c(v, np.int8) for v in weights]
    scale, zero = [net.c([0.008]) for _ in range(2)], [net.c([0], np.int8) for _ in range(2)]
    y = net.n("DynamicQuantizeLSTM", net.turn("x"), w, r, net.w(1, 8 * H), "", "", "", "", scale[0], zero[0], scale[1], zero[1], outputs=3,
              hidden_size=H, domain="com.microsoft")
    q, s, z = net.n("DynamicQuantizeLinear", net.squeeze(y[1], 0), outputs=3)
    whole = net.n("Cast", net.n("MatMulInteger", q, f, z), to=F32)
    y = net.n("Add", net.n("Mul", whole, net.n("Mul", s, net.c(0.008))), net.w(N))
    return "onnxruntime quantize_dynamic: DynamicQuantizeLSTM, MatMulInteger", y, {"near": True}


def quantised_weights(net):
    r = net.c(np.round(20 * net.r.standard_normal((1, 4 * H, H))), np.int8)
    y = net.n("LSTM", net.turn("x"), net.w(1, 4 * H, I), net.n("DequantizeLinear", r, net.c(0.02)), hidden_size=H, outputs=2)
    q = net.n("QuantizeLinear", net.squeeze(y[1], 0), net.c(0.004), net.c(0, np.int8))
    return "quantisation-aware: DequantizeLinear on weights, QuantizeLinear and back on activations", net.dense(
        net.n("DequantizeLinear", q, net.c(0.004), net.c(0, np.int8)), H, N), {"near": True}


def squeezed_by_if(net):
    y = net.lstm(net.turn("x"), I)[0]
    one = net.n("Equal", net.n("Gather", net.n("Shape", y), net.c(1, np.int64)), net.c(1, np.int64))
    graphs = []
    for op in ("Squeeze", "Identity"):
        inner = helper.make_node(op, [y] + ([net.i(1)] if op == "Squeeze" else []), [op + "_y"], name="inner_" + op)
        graphs.append(helper.make_graph([inner], op, [], [helper.make_tensor_value_info(op + "_y", F32, None)]))
    return "torch squeeze(): If with a condition that is constant", net.turn(net.n("If", one, then_branch=graphs[0], else_branch=graphs[1])), {}


def residual(net):
    x = net.n("MatMul", "x", net.w(I, H))
    for _ in range(2):
        x = net.n("Add", net.rows(x, H), x)
    return "stacked with residual connections, tanh head", net.n("Tanh", net.n("Add", net.n("MatMul", x, net.w(H, N)), net.w(N))), {}


def packed(net):
    h = net.lstm(net.turn("x"), I, both=True, lens="lens")[1]
    h = net.n("Reshape", net.turn(h), net.i(-1, 2 * H))
    return "torch pack_padded_sequence, bidirectional, final states", net.dense(h, 2 * H, N), {"lens": I32}


def gathered(net):
    y = net.rows("x", I)
    at = net.n("Expand", net.n("Unsqueeze", net.n("Sub", "lens", net.c(1, np.int64)), net.i(1, 2)), net.i(1, 1, H))
    return "torch gather() of the last step by lengths", net.dense(net.squeeze(net.n("GatherElements", y, at, axis=1), 1), H, N), {"lens": I64}


def flattened(net):
    y = net.n("Reshape", net.rows("x", I), net.i(-1, T * H))
    return "Keras: Flatten of all steps, dense", net.dense(net.n("Relu", net.dense(y, T * H, H)), H, N), {"dims": ["B", T, I]}


def conv_front(net):
    x = net.n("Conv", net.n("Transpose", "x", perm=[0, 2, 1]), net.w(I, I, 3), pads=[1, 1])
    x = net.n("Transpose", net.n("Relu", x), perm=[0, 2, 1])
    return "convolutions in front (speech, sensors)", net.dense(last(net, net.rows(x, I)), H, N), {"refused": "the rest of it runs with --inputs"}


def attention(net):
    y = net.rows("x", I)
    a = net.n("Softmax", net.n("MatMul", y, net.w(H, 1)), axis=1)
    y = net.n("MatMul", net.n("Transpose", a, perm=[0, 2, 1]), y)
    return "attention over the steps", net.dense(net.squeeze(y, 1), H, N), {"refused": "the rest of it runs with --outputs"}


NETS = [stacked_classifier, keras_norm, norm_head, autoencoder, seq2seq, both_mean, text_pools, channels_first, univariate, old_export,
        dynamic_int8, quantised_weights, squeezed_by_if, residual, packed, gathered, flattened, conv_front, attention]


def main():
    for number, make in enumerate(NETS):
        net = Net(number, 9 if make is old_export else 14)
        about, y, more = make(net)
        net.save(os.path.join(sys.argv[1], f"{number + 1:02d}_{make.__name__}"), about, y, **more)


if __name__ == "__main__":
    main()
