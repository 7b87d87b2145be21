# SPDX-License-Identifier: Apache-2.0
"""make_onnx: .onnx graphs in which an LSTM cell is unrolled step by step, as exporters and hands
write it, each with data and what onnxruntime makes of them.

Call: make_onnx.py FOLDER. Writes NAME.onnx, NAME_x.npy, NAME_y.npy; what is to be refused is named
refused_*. Packages: tests/onnx/requirements.txt.
"""

import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper


class Graph:
    """Nodes one behind the other; an operator returns the names of its results."""

    def __init__(self, opset, seed):
        self.opset, self.nodes, self.constants = opset, [], []
        self.rng = np.random.default_rng(seed)

    def op(self, kind, *operands, results=1, **attributes):
        names = [f"{kind.lower()}_{len(self.nodes)}_{n}" for n in range(results)]
        self.nodes.append(helper.make_node(kind, operands, names, **attributes))
        return names[0] if results == 1 else names

    def hold(self, array, dtype=np.float32):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(array, dtype), name))
        return name

    def ints(self, *numbers):
        return self.hold(numbers, np.int64)

    def weights(self, *shape):
        return self.hold(self.rng.normal(0, 0.6, shape))

    def unsqueeze(self, x, axis):
        if self.opset < 13:
            return self.op("Unsqueeze", x, axes=[axis])
        return self.op("Unsqueeze", x, self.ints(axis))

    def squeeze(self, x, axis):
        if self.opset < 13:
            return self.op("Squeeze", x, axes=[axis])
        return self.op("Squeeze", x, self.ints(axis))

    def zeros(self, units):
        return self.hold(np.zeros((1, units)))

    def state(self, i, f, g, o, c, squash="Tanh"):
        """The cell's two equations."""
        i, f, o = (self.op("Sigmoid", gate) for gate in (i, f, o))
        c = self.op("Add", self.op("Mul", f, c), self.op("Mul", i, self.op(squash, g)))
        return self.op("Mul", o, self.op(squash, c)), c

    def save(self, path, inputs, outputs):
        ends = [[helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in part]
                for part in (inputs, outputs)]
        graph = helper.make_graph(self.nodes, "unrolled", *ends, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)])
        model.ir_version = 7
        self.check(model)
        onnx.save(model, path)

    def check(self, model):
        onnx.checker.check_model(model)


def concat_layer(g, rows, width, units, squash="Tanh", spoil=None):
    """As TensorFlow 1: one matrix for [x,h], gates i, g, f, o, and 1 added to f."""
    w, b, one = g.weights(width + units, 4 * units), g.weights(4 * units), g.hold(1)
    h = c = g.zeros(units)
    out = []
    for n, x in enumerate(rows):
        m = g.weights(width + units, 4 * units) if n == spoil else w
        z = g.op("Add", g.op("MatMul", g.op("Concat", x, h, axis=1), m), b)
        if g.opset < 13:
            i, j, f, o = g.op("Split", z, results=4, axis=1, split=[units] * 4)
        else:
            i, j, f, o = g.op("Split", z, g.ints(*[units] * 4), results=4, axis=-1)
        h, c = g.state(i, g.op("Add", f, one), j, o, c, squash)
        out.append(h)
    return out


def gemm_layer(g, rows, width, units, h=None, c=None):
    """As a PyTorch LSTMCell: two Gemm, gates i, f, g, o by Slice; returns all h, and the last c."""
    w, r = g.weights(4 * units, width), g.weights(4 * units, units)
    b, d = g.weights(4 * units), g.weights(4 * units)
    h, c = h or g.zeros(units), c or g.zeros(units)
    out = []
    for x in rows:
        z = g.op("Add", g.op("Gemm", x, w, b, transB=1), g.op("Gemm", h, r, d, transB=1))
        gates = []
        for n in range(4):
            bounds = [n * units, (n + 1) * units if n < 3 else 2**31 - 1]
            gates.append(g.op("Slice", z, g.ints(bounds[0]), g.ints(bounds[1]), g.ints(1)))
        h, c = g.state(*gates, c)
        out.append(h)
    return out, c


def gathered(g, x, steps, axis=1):
    return [g.op("Gather", x, g.hold(n, np.int64), axis=axis) for n in range(steps)]


def sliced(g, x, steps):
    return [g.squeeze(g.op("Slice", x, g.ints(n), g.ints(n + 1), g.ints(1)), 1)
            for n in range(steps)]


def side_by_side(g, rows):
    return g.op("Concat", *[g.unsqueeze(row, 1) for row in rows], axis=1)


def dense(g, x, width, units):
    return g.op("Softmax", g.op("Gemm", x, g.weights(width, units), g.weights(units)), axis=-1)


def gru(g, rows, width, units):
    wz, wr, wn = (g.weights(width + units, units) for _ in range(3))
    h, one = g.zeros(units), g.hold(1)
    for x in rows:
        both = g.op("Concat", x, h, axis=1)
        z, r = (g.op("Sigmoid", g.op("MatMul", both, w)) for w in (wz, wr))
        inner = g.op("Concat", x, g.op("Mul", r, h), axis=1)
        n = g.op("Tanh", g.op("MatMul", inner, wn))
        h = g.op("Add", g.op("Mul", g.op("Sub", one, z), n), g.op("Mul", z, h))
    return h


def run(path, feeds):
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, feeds)


def keep(folder, name, g, y, shape, out_shape, turned=False):
    """A graph of one input and output, run on five sequences one by one."""
    path = f"{folder}/{name}.onnx"
    g.save(path, [("x", shape)], [(y, out_shape)])
    steps, width = (shape[0], shape[2]) if turned else shape[1:]
    if name.startswith("refused_"):
        return
    x = g.rng.normal(0, 1, (5, steps, width)).astype(np.float32)
    results = [run(path, {"x": one[:, None] if turned else one[None]})[0] for one in x]
    np.save(f"{folder}/{name}_x.npy", x)
    np.save(f"{folder}/{name}_y.npy", np.concatenate(results))


def one_step(folder):
    """One step a run, its states inputs and outputs."""
    g = Graph(13, 6)
    (h,), c = gemm_layer(g, ["x"], 3, 5, "h", "c")
    y = g.op("MatMul", h, g.weights(5, 2))
    path = f"{folder}/one_step.onnx"
    state = [1, 5]
    g.save(path, [("x", [1, 3]), ("h", state), ("c", state)], [(y, [1, 2]), (h, state), (c, state)])
    x = g.rng.normal(0, 1, (4, 9, 3)).astype(np.float32)
    out = np.zeros((4, 2), np.float32)
    for n in range(4):
        h = c = np.zeros(state, np.float32)
        for t in range(9):
            out[n], h, c = run(path, {"x": x[n, t][None], "h": h, "c": c})
    np.save(f"{folder}/one_step_x.npy", x)
    np.save(f"{folder}/one_step_y.npy", out)


def main(folder):
    g = Graph(11, 1)
    last = concat_layer(g, gathered(g, "x", 7), 3, 6)[-1]
    keep(folder, "concat_last", g, g.op("Gemm", last, g.weights(6, 4), g.weights(4)), [1, 7, 3],
         [1, 4])

    g = Graph(13, 2)
    first, _ = gemm_layer(g, sliced(g, "x", 6), 4, 5)
    second, _ = gemm_layer(g, first, 5, 6)
    keep(folder, "two_all", g, side_by_side(g, second), [1, 6, 4], [1, 6, 6])

    g = Graph(13, 3)
    rows = gathered(g, "x", 5)
    forward, _ = gemm_layer(g, rows, 3, 4)
    backward = concat_layer(g, rows[::-1], 3, 4)
    both = g.op("Concat", forward[-1], backward[-1], axis=1)
    keep(folder, "both_last", g, dense(g, both, 8, 3), [1, 5, 3], [1, 3])

    g = Graph(13, 4)
    turned = g.op("Transpose", "x", perm=[1, 0, 2])
    last = concat_layer(g, gathered(g, turned, 6, 0), 3, 5)[-1]
    y = g.op("Reshape", g.op("Identity", last), g.ints(0, -1))
    keep(folder, "batch_first_turned", g, y, [1, 6, 3], [1, 5])

    g = Graph(9, 5)
    parts = g.op("Split", "x", results=6, axis=0)
    last = concat_layer(g, [g.squeeze(part, 0) for part in parts], 3, 5)[-1]
    keep(folder, "time_major", g, g.op("Identity", last), [6, 1, 3], [1, 5], turned=True)

    one_step(folder)

    g = Graph(13, 11)
    last = concat_layer(g, gathered(g, "x", 5), 3, 4)[-1]
    keep(folder, "refused_two_sequences", g, g.op("Identity", last), [2, 5, 3], [2, 4])
    g = Graph(13, 12)
    last = concat_layer(g, gathered(g, "x", 5), 3, 4)[-1]
    keep(folder, "refused_gemm_scaled", g, g.op("Gemm", last, g.weights(4, 2), alpha=0.5),
         [1, 5, 3], [1, 2])
    g = Graph(13, 13)
    last = concat_layer(g, gathered(g, "x", 5), 3, 4)[-1]
    keep(folder, "open_batch", g, g.op("Identity", last), ["batch", 5, 3], ["batch", 4])
    g = Graph(13, 14)
    last = concat_layer(g, gathered(g, "x", 5, 0), 3, 4)[-1]
    keep(folder, "open_batch_second", g, g.op("Identity", last), [5, "batch", 3], ["batch", 4],
         turned=True)
    g = Graph(13, 15)
    rows = gathered(g, "x", 5)
    last = concat_layer(g, rows[:2] + rows[3:], 3, 4)[-1]
    keep(folder, "refused_step_left_out", g, g.op("Identity", last), [1, 5, 3], [1, 4])

    g = Graph(13, 7)
    keep(folder, "refused_gru", g, gru(g, gathered(g, "x", 5), 3, 4), [1, 5, 3], [1, 4])
    g = Graph(13, 8)
    last = concat_layer(g, gathered(g, "x", 5), 3, 4, "Relu")[-1]
    keep(folder, "refused_relu", g, g.op("Identity", last), [1, 5, 3], [1, 4])
    g = Graph(13, 9)
    last = concat_layer(g, gathered(g, "x", 5), 3, 4, spoil=3)[-1]
    keep(folder, "refused_other_weights", g, g.op("Identity", last), [1, 5, 3], [1, 4])
    g = Graph(13, 10)
    y = g.op("Tanh", g.op("MatMul", "x", g.weights(3, 4)))
    keep(folder, "refused_no_cell", g, y, [1, 5, 3], [1, 5, 4])


if __name__ == "__main__":
    main(sys.argv[1])
