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
        if not any(node.op_type in ("If", "Loop") for node in model.graph.node):
            onnx.checker.check_model(model)  # it wants shapes in branches that it could find itself


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


def keep(folder, name, g, y, shape, out_shape, turned=False, steps=None):
    """A graph of one input and output, run on five sequences one by one."""
    path = f"{folder}/{name}.onnx"
    g.save(path, [("x", shape)], [(y, out_shape)])
    width = shape[2]
    steps = steps or (shape[0] if turned else shape[1])
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


def branches(g, made):
    """The graphs of an If from functions that add nodes to g and return a name."""
    graphs, before = [], len(g.nodes)
    for make in made:
        y = make()
        nodes, g.nodes = g.nodes[before:], g.nodes[:before]
        graphs.append(helper.make_graph(nodes, "branch", [], [helper.make_tensor_value_info(y, TensorProto.FLOAT, None)]))
    return dict(then_branch=graphs[0], else_branch=graphs[1])


def by_size(g, folder):
    """An If whose condition is a size: what scripting leaves of `if x.shape[1] > 3`; both branches
    read the graph around them."""
    def unrolled():
        return gemm_layer(g, gathered(g, "x", 6), 3, 4)[0][-1]

    def other():
        return g.op("Gather", g.op("Tanh", "x"), g.hold(0, np.int64), axis=1)

    size = g.op("Gather", g.op("Shape", "x"), g.hold(1, np.int64), axis=0)
    yes = g.op("Greater", size, g.hold(3, np.int64))
    keep(folder, "branch_by_size", g, g.op("Identity", g.op("If", yes, **branches(g, [unrolled, other]))),
         [1, 6, 3], [1, 4])


def by_data(g, folder):
    """An If whose condition comes of the data: refused."""
    last = gemm_layer(g, gathered(g, "x", 4), 3, 4)[0][-1]
    sum_of = g.op("ReduceSum", last, keepdims=0)
    made = branches(g, [lambda: g.op("Tanh", last), lambda: g.op("Identity", last)])
    y = g.op("If", g.op("Greater", sum_of, g.hold(0)), **made)
    keep(folder, "refused_branch_by_data", g, g.op("Identity", y), [1, 4, 3], [1, 4])


def in_sequences(g, folder):
    """As a scripted loop over x.unbind(1) with a list of outputs."""
    rows = g.op("SplitToSequence", "x", axis=1, keepdims=0)
    listed = [g.op("SequenceAt", rows, g.hold(n, np.int64)) for n in range(5)]
    out = g.op("SequenceEmpty")
    for h in gemm_layer(g, listed, 3, 4)[0]:
        out = g.op("SequenceInsert", out, h)
    keep(folder, "sequence_unbound", g, g.op("ConcatFromSequence", out, axis=1, new_axis=1), [1, 5, 3], [1, 5, 4])


def sequence_loop(g, folder):
    """A scripted loop that appends each h to a list."""
    w, r, b = g.weights(16, 3), g.weights(16, 4), g.weights(16)
    k = len(g.nodes)
    row = g.op("Gather", "x", "i", axis=1)
    z = g.op("Add", g.op("Gemm", row, w, b, transB=1), g.op("Gemm", "h", r, b, transB=1))
    h, c = g.state(*g.op("Split", z, g.ints(4, 4, 4, 4), results=4, axis=1), "c")
    out, go = g.op("SequenceInsert", "all", h), g.op("Identity", "go")
    nodes, g.nodes = g.nodes[k:], g.nodes[:k]
    info = helper.make_tensor_value_info
    ends = [info("i", TensorProto.INT64, []), info("go", TensorProto.BOOL, []), info("h", TensorProto.FLOAT, None),
            info("c", TensorProto.FLOAT, None), helper.make_tensor_sequence_value_info("all", TensorProto.FLOAT, None)]
    left = [info(go, TensorProto.BOOL, []), info(h, TensorProto.FLOAT, None), info(c, TensorProto.FLOAT, None),
            helper.make_tensor_sequence_value_info(out, TensorProto.FLOAT, None)]
    steps = g.op("Gather", g.op("Shape", "x"), g.hold(1, np.int64), axis=0)
    empty = g.op("SequenceEmpty")
    made = ["hn", "cn", "list"]
    g.nodes.append(helper.make_node("Loop", [steps, g.hold(True, np.bool_), g.zeros(4), g.zeros(4), empty], made,
                                    body=helper.make_graph(nodes, "body", ends, left)))
    joined = g.op("ConcatFromSequence", "list", axis=1, new_axis=1)
    keep(folder, "sequence_loop", g, g.op("MatMul", joined, g.weights(4, 2)), [1, "T", 3], [1, "T", 2], steps=7)


def pooled(g, folder, kind, steps):
    rows = side_by_side(g, gemm_layer(g, gathered(g, "x", steps), 3, 4)[0])
    y = g.op(kind, rows, axes=[1], keepdims=0)
    keep(folder, f"pooled_{kind[6:].lower()}", g, g.op("MatMul", y, g.weights(4, 2)), [1, steps, 3], [1, 2])


def autoencoder(g, folder):
    last = gemm_layer(g, gathered(g, "x", 5), 3, 4)[0][-1]
    backward = concat_layer(g, gathered(g, "x", 5)[::-1], 3, 2)[-1]
    code = g.op("Concat", last, backward, axis=1)
    rows = side_by_side(g, gemm_layer(g, [code] * 5, 6, 4)[0])
    keep(folder, "autoencoder", g, g.op("MatMul", rows, g.weights(4, 3)), [1, 5, 3], [1, 5, 3])


def several_inputs(g, folder):
    """Rows of a step beside rows of a step, and a row beside the last one."""
    rows = [g.op("Concat", a, b, axis=1) for a, b in zip(gathered(g, "x", 5), gathered(g, "more", 5))]
    last = gemm_layer(g, rows, 5, 4)[0][-1]
    y = g.op("MatMul", g.op("Concat", last, "row", axis=1), g.weights(7, 2))
    path, shapes = f"{folder}/several_inputs.onnx", {"x": (5, 3), "more": (5, 2), "row": (3,)}
    g.save(path, [(name, [1, *shape]) for name, shape in shapes.items()], [(y, [1, 2])])
    given = {name: g.rng.normal(0, 1, (5, *shape)).astype(np.float32) for name, shape in shapes.items()}
    results = [run(path, {name: values[n][None] for name, values in given.items()})[0] for n in range(5)]
    for n, values in enumerate(given.values()):
        np.save(f"{folder}/several_inputs_x{'' if n == 0 else n + 1}.npy", values)
    np.save(f"{folder}/several_inputs_y.npy", np.concatenate(results))


def cut_parts(folder):
    """A foreign operator in front of an unrolled layer, in files with shapes, and one behind."""
    g = Graph(13, 28)
    front = g.op("Conv", g.op("Transpose", "x", perm=[0, 2, 1]), g.weights(4, 3, 3), strides=[2])
    rows = gathered(g, g.op("Transpose", g.op("Relu", front), perm=[0, 2, 1]), 5)
    last = gemm_layer(g, rows, 4, 5)[0][-1]
    path = f"{folder}/part_conv.onnx"
    g.save(path, [("x", [1, 11, 3])], [(g.op("MatMul", last, g.weights(5, 2)), [1, 2])])
    onnx.save(onnx.shape_inference.infer_shapes(onnx.load(path)), path)
    g = Graph(13, 29)
    last = concat_layer(g, gathered(g, "x", 6), 3, 4)[-1]
    y = g.op("Sin", g.op("MatMul", last, g.weights(4, 2)))
    g.save(f"{folder}/part_sin.onnx", [("x", [1, 6, 3])], [(y, [1, 2])])


def main(folder):
    cut_parts(folder)
    by_size(Graph(13, 20), folder)
    by_data(Graph(13, 21), folder)
    in_sequences(Graph(13, 22), folder)
    sequence_loop(Graph(13, 23), folder)
    pooled(Graph(13, 24), folder, "ReduceMean", 30)
    pooled(Graph(13, 25), folder, "ReduceMax", 6)
    autoencoder(Graph(13, 26), folder)
    several_inputs(Graph(13, 27), folder)
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
