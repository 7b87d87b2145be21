# SPDX-License-Identifier: Apache-2.0
"""draw_forms.py: what real graphs hold between and behind LSTMs (draw_graphs.py)."""
import numpy as np
from onnx import TensorProto, helper

from draw_moves import BIG, Impossible, Moves


class Forms(Moves):
    """A graph with normalisation, functions, steps put together, and branches."""

    def weights(self, *shape):
        value = (0.7 * self.np.standard_normal(shape)).astype(np.float32)
        if len(shape) == 2 and self.opset >= 13 and self.maybe(0.08):  # int8 with its scale, as they are
            scale = np.float32(np.abs(value).max() / 127)
            return self.node("DequantizeLinear", [self.const(np.round(value / scale), np.int8), self.const(scale, np.float32)])
        return self.const(value, np.float32)

    def scale(self):
        """A normalisation layer, or what is left of one: along the row or of one number; now and then of something else."""
        at = self.letters().find("W")
        if at < 0:
            return
        if len(self.axes) in (2, 3, 4) and self.maybe(0.3):
            self.batch_norm(at)
            return
        shape = [1] * len(self.axes)
        if self.maybe(0.7):
            shape[at] = self.axes[at][1]
        if self.maybe(self.wild):
            k = self.r.randrange(len(shape))
            shape[k] = self.axes[k][1]
        while len(shape) > 1 and shape[0] == 1 and self.maybe(0.6):
            del shape[0]
        op = self.r.choice(["Mul", "Add", "Sub", "Div"])
        value = self.np.standard_normal(shape).astype(np.float32)
        if op in ("Mul", "Div"):
            value = (np.abs(value) + 0.5) * self.r.choice([1, -1])
        pair = [self.cur, self.const(value, np.float32)]
        if op in ("Mul", "Add") or (op == "Sub" and self.maybe(0.5)):
            self.r.shuffle(pair)
        self.cur = self.node(op, pair)

    def batch_norm(self, at):
        perm = [n for n in range(len(self.axes)) if n != at]
        perm.insert(1, at)
        if not self.maybe(0.05):
            self.transpose(perm)
        width = self.axes[1][1]
        inputs = [self.const(self.np.standard_normal(width), np.float32) for _ in range(3)]
        inputs.append(self.const(self.np.random(width) + 0.3, np.float32))
        self.cur = self.node("BatchNormalization", [self.cur] + inputs, epsilon=self.r.choice([1e-5, 1e-3]))
        if self.maybe(0.85):
            self.transpose([perm.index(n) for n in range(len(perm))])

    def function(self):
        op = self.r.choice(["Tanh", "LeakyRelu", "Elu", "Clip", "PRelu"])
        if op == "Clip":
            low, high = self.r.choice([(0, 6), (-1, 1), (0, 3e38), (-0.5, 0.5)])
            if self.opset < 11:
                self.cur = self.node(op, [self.cur], min=float(low), max=float(high))
            else:
                self.cur = self.node(op, [self.cur, self.const(low, np.float32), self.const(high, np.float32)])
        elif op == "PRelu":
            self.cur = self.node(op, [self.cur, self.const([0.25], np.float32)])
        else:
            self.cur = self.node(op, [self.cur], **({"alpha": 0.2} if op == "LeakyRelu" and self.maybe(0.5) else {}))

    def columns(self):
        """A part of each row, by Slice or by Split."""
        at = self.letters().find("W")
        if at < 0 or self.axes[at][1] < 2:
            return
        size = self.axes[at][1]
        first = self.r.randrange(size)
        last = self.r.randint(first + 1, size)
        if self.maybe(0.5) and size % 2 == 0:
            half = self.r.randrange(2)
            extra = {"num_outputs": 2} if self.opset >= 18 else {}
            self.cur = self.node("Split", [self.cur], 2, axis=self.negative(at) if self.opset >= 11 else at, **extra)[half]
            self.axes[at] = ("W", size // 2)
            return
        self.cur = self.slice(self.cur, at, first, last)
        self.axes[at] = ("W", last - first)

    def in_if(self):
        """The value through an If whose condition is constant, as old exporters write squeeze()."""
        branches = []
        for op in self.r.sample(["Identity", "Relu"], 2):
            out = self.name("b")
            node = helper.make_node(op, [self.cur], [out], name=self.name("in"))
            branches.append(helper.make_graph([node], self.name("g"), [], [helper.make_tensor_value_info(out, TensorProto.FLOAT, None)]))
        self.cur = self.node("If", [self.const(self.maybe(0.5), np.bool_)], then_branch=branches[0], else_branch=branches[1])

    def in_parts(self):
        """The row as parts, put together or left so."""
        at = self.letters().find("W")
        parts = [n for n in range(2, self.axes[at][1]) if self.axes[at][1] % n == 0] if at == len(self.axes) - 1 and len(self.axes) < 4 else []
        if not parts:
            return
        count = self.r.choice(parts)
        width = self.axes[at][1] // count
        self.cur = self.node("Reshape", [self.cur, self.const([0] * at + self.r.choice([[count, width], [count, -1], [-1, width]]))])
        self.axes[at:] = [("P", count), ("W", width)]
        kind = self.r.random()
        if kind < 0.6:
            op = self.r.choice(["ReduceSum", "ReduceMean", "ReduceMean", "ReduceMax"])
            if self.opset >= 18 or (op == "ReduceSum" and self.opset >= 13):
                self.cur = self.node(op, [self.cur, self.const([at])], keepdims=0)
            else:
                self.cur = self.node(op, [self.cur], axes=[at], keepdims=0)
            del self.axes[at]
        elif kind < 0.8:
            self.reshape(self.axes[:at] + [("W", count * width)])

    # --- time ---
    def over_time(self):
        """Mean, largest or sum over the steps."""
        at = self.letters().find("T")
        if self.maybe(self.wild):
            at = self.r.randrange(len(self.axes))
        op = self.r.choice(["ReduceMean", "ReduceMean", "ReduceMax", "ReduceSum", "GlobalAveragePool", "GlobalMaxPool"])
        if op.startswith("Global"):
            if sorted(self.letters()) != ["B", "T", "W"]:
                return
            self.transpose([self.letters().index(a) for a in "BWT"])
            self.cur = self.node(op, [self.cur])
            self.axes[2] = ("1", 1)
            if self.maybe(0.8):
                self.drop(2)
            return
        keep = self.maybe(0.3)
        if self.opset >= 18 or (op == "ReduceSum" and self.opset >= 13):
            self.cur = self.node(op, [self.cur, self.const([self.negative(at)])], keepdims=int(keep))
        else:
            self.cur = self.node(op, [self.cur], axes=[self.negative(at) if self.opset >= 11 else at], keepdims=int(keep))
        self.axes[at] = ("1", 1)
        if not keep:
            del self.axes[at]

    def flatten_steps(self):
        """All steps side by side."""
        if sorted(self.letters()) != ["B", "T", "W"]:
            return
        if not self.maybe(0.1):
            self.transpose([self.letters().index(a) for a in "BTW"])
        self.reshape([self.axes[0], ("W", self.axes[1][1] * self.axes[2][1])])

    def several_steps(self):
        """Some steps of a known number, flattened as a rule."""
        at = self.letters().find("T")
        size = self.axes[at][1]
        count = self.r.randint(1, min(3, size))
        start = self.r.choice([-count, 0, self.r.randint(0, size - count)])
        end = BIG if start == -count else start + count
        self.cur = self.slice(self.cur, at, start, end)
        self.axes[at] = ("S", count)
        if sorted(self.letters()) == ["B", "S", "W"] and self.maybe(0.85):
            self.transpose([self.letters().index(a) for a in "BSW"])
            self.reshape([self.axes[0], ("W", count * self.axes[2][1])])

    def fewer_steps(self):
        """Some of the steps, which a layer runs along."""
        at = self.letters().find("T")
        if at < 0 or self.axes[at][1] < 2:
            return
        count = self.r.randint(1, self.axes[at][1] - 1)
        start = self.r.choice([-count, 0, self.r.randint(0, self.axes[at][1] - count)])
        self.cur = self.slice(self.cur, at, start, BIG if start == -count else start + count)
        self.axes[at] = ("T", count)

    def last_by_length(self):
        """torch: y.gather(1, (lengths - 1).view(-1, 1, 1).expand(-1, 1, width)).squeeze(1)"""
        if sorted(self.letters()) != ["B", "T", "W"] or self.opset < 13:
            return
        at = self.letters().index("T")
        index = self.node("Sub", [self.node("Cast", ["lens"], to=TensorProto.INT64), self.const(1)])
        others = [n for n in range(3) if self.axes[n][0] != "B"]
        index = self.squeeze(index, others, "Unsqueeze")
        sizes = [1, 1, 1]
        sizes[self.letters().index("W")] = self.axes[self.letters().index("W")][1]
        self.cur = self.node("GatherElements", [self.cur, self.node("Expand", [index, self.const(sizes)])], axis=at)
        self.axes[at] = ("1", 1)
        self.drop(at)

    def repeat(self):
        """One row of a sequence at each of its steps, or so many times (Keras: RepeatVector)."""
        if sorted(self.letters()) != ["B", "W"]:
            raise Impossible
        at = self.r.randint(0, 1)
        self.unsqueeze(at)
        size = self.size["T"] if self.maybe(0.5) else self.r.randint(2, 6)
        if self.maybe(0.4):
            repeats = [1, 1, 1]
            repeats[at] = size
            self.cur = self.node("Tile", [self.cur, self.const(repeats)])
        else:
            steps = self.const([size])
            if size == self.size["T"] and self.maybe(0.5):
                shape = self.node("Shape", ["x"])
                steps = self.slice(shape, 0, self.order.index("T"), self.order.index("T") + 1)
            sizes = [self.const([1]) for _ in range(3)]
            sizes[at] = steps
            self.cur = self.node("Expand", [self.cur, self.node("Concat", sizes, axis=0)])
        self.axes[at] = ("T", size)

    def with_earlier(self, earlier, axes):
        """The sum or product with an earlier value (a residual connection)."""
        if sorted(axes) == sorted(self.axes):
            if not self.maybe(self.wild):
                self.transpose([self.axes.index(a) for a in axes])
            self.cur = self.node(self.r.choice(["Add", "Add", "Mul", "Sub"]), self.r.sample([self.cur, earlier], 2))
