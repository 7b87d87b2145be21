# SPDX-License-Identifier: Apache-2.0
"""draw_layers.py: LSTM and dense layers of a drawn graph, and its end (draw_graphs.py)."""
import numpy as np
from onnx import TensorProto, helper

from draw_forms import Forms
from draw_moves import BIG, Impossible


class Layers(Forms):
    """A graph that layers are added to."""

    # --- layers ---
    def bring(self, letters):
        """The value as rows with these axes in this order; by a Reshape where that is right, or by mistake."""
        self.split()
        for n in range(len(self.axes) - 1, -1, -1):
            a, s = self.axes[n]
            if a == "1" and s == 1 and len(self.axes) > len(letters):
                self.drop(n)
        have = self.letters()
        if "W" in letters and "W" not in have:
            self.unsqueeze(len(self.axes))
            self.axes[-1] = ("W", 1)
        for a in letters:
            if a not in self.letters() and a in self.size and self.size[a] == 1:
                self.unsqueeze(self.r.randint(0, len(self.axes) - 1))
                self.axes[[n for n, x in enumerate(self.axes) if x[0] == "1"][0]] = (a, 1)
        have = self.letters()
        if sorted(have) != sorted(letters):
            if len(have) != len(letters):
                raise Impossible
            return
        if have == letters:
            return
        one = any(s == 1 for a, s in self.axes if a in "BT")
        if self.maybe(0.4 if one else 0.04):
            self.reshape([self.axes[have.index(a)] for a in letters])
        else:
            self.transpose([have.index(a) for a in letters])

    def given_lengths(self, steps, batch):
        """Input 4 of an LSTM."""
        kind = self.r.random()
        if self.use_lengths:
            if kind < 0.12:
                return ""
            return "lens" if kind < 0.9 else self.node("Identity", ["lens"])
        if kind < 0.06:
            return self.const([steps] * batch, np.int32)
        if kind < 0.09 and "B" in self.order:
            shape = self.node("Shape", ["x"])
            one = self.node("Gather", [shape, self.const(self.order.index("T"))], axis=0)
            many = self.slice(shape, 0, self.order.index("B"), self.order.index("B") + 1)
            return self.node("Cast", [self.node("Expand", [one, many])], to=TensorProto.INT32)
        if kind < 0.11:
            return self.const([self.r.randint(1, steps) for _ in range(batch)], np.int32)
        return ""

    def state(self, directions, batch, units, layout):
        kind = self.r.random()
        shape = [batch, directions, units] if layout else [directions, batch, units]
        if kind < 0.6:
            return ""
        if kind < 0.7:
            return self.const(np.zeros(shape), np.float32)
        if kind < 0.8 and not layout:
            rows = self.np.standard_normal((directions, 1, units)).repeat(batch, 1)
            return self.const(rows, np.float32)
        if kind < 0.9 and not layout and "B" in self.order:
            many = self.slice(self.node("Shape", ["x"]), 0, self.order.index("B"), self.order.index("B") + 1)
            whole = self.node("Concat", [self.const([directions]), many, self.const([units])], axis=0)
            if self.maybe(0.5):
                return self.node("ConstantOfShape", [whole])
            return self.node("Expand", [self.weights(directions, 1, units), whole])
        if kind < 0.95 and not layout:
            name = self.name("h")
            self.extra_inputs.append((name, TensorProto.FLOAT, [directions, None, units]))
            self.feeds[name] = lambda b, d=directions, u=units: np.zeros((d, b, u), np.float32)
            return name
        return ""

    def lstm(self, keep_rows, follows=None):
        """A layer; follows: (h, c, directions, units) of the one whose end it starts from."""
        layout = 1 if self.opset >= 14 and self.maybe(0.2) and follows is None else 0
        self.bring("BTW" if layout else "TBW")
        steps, batch = (self.axes[1][1], self.axes[0][1]) if layout else (self.axes[0][1], self.axes[1][1])
        units, inputs = self.r.randint(1, 4), self.axes[2][1]
        direction = self.r.choice(["forward", "forward", "forward", "reverse", "bidirectional", "bidirectional"])
        d = 2 if direction == "bidirectional" else 1
        if follows is not None:
            h0, c0, d, units = follows
            direction = "bidirectional" if d == 2 else self.r.choice(["forward", "forward", "reverse"])
        args = [self.cur, self.weights(d, 4 * units, inputs), self.weights(d, 4 * units, units)]
        args.append(self.weights(d, 8 * units) if self.maybe(0.8) else "")
        args.append(self.given_lengths(steps, batch))
        args += [h0, c0] if follows is not None else [self.state(d, batch, units, layout), self.state(d, batch, units, layout)]
        while args and args[-1] == "":
            args.pop()
        attributes = {"hidden_size": units, **({"direction": direction} if direction != "forward" or self.maybe(0.3) else {})}
        if self.maybe(0.1):
            case = self.r.choice([str, str.lower, str.upper])
            attributes["activations"] = [case(a) for a in ["Sigmoid", "Tanh", "Tanh"] * d]
        y, h, c = [self.name("v") for _ in range(3)]
        self.nodes.append(helper.make_node("LSTM", args, [y, h, c], name=f"LSTM_{self.count}", **attributes,
                                           **({"layout": layout} if layout else {})))
        if layout:  # onnxruntime has no layout 1
            t = self.name("t")
            self.twin += [helper.make_node("Transpose", [args[0]], [t], perm=[1, 0, 2]),
                          helper.make_node("LSTM", [t] + args[1:], [y + "t", h + "t", c + "t"], **attributes),
                          helper.make_node("Transpose", [y + "t"], [y], perm=[2, 0, 1, 3]),
                          helper.make_node("Transpose", [h + "t"], [h], perm=[1, 0, 2]),
                          helper.make_node("Transpose", [c + "t"], [c], perm=[1, 0, 2])]
        else:
            self.twin.append(self.nodes[-1])
        self.end = (h, c, d, units) if not layout else None
        if self.maybe(0.1):
            self.outputs.append(h)
        if keep_rows or self.maybe(0.5):
            self.cur = y
            self.axes = [("B", batch), ("T", steps), ("P", d), ("W", units)] if layout else [("T", steps), ("P", d), ("B", batch), ("W", units)]
        else:
            self.cur = c if self.maybe(0.02) else h
            self.axes = [("B", batch), ("P", d), ("W", units)] if layout else [("P", d), ("B", batch), ("W", units)]
        if self.maybe(0.85):
            self.directions()

    def directions(self):
        """Directions side by side, one of them, or gone."""
        at = self.letters().index("P")
        if self.axes[at][1] == 1:
            if self.maybe(0.7):
                self.drop(at)
            else:
                self.reshape([a for a in self.axes if a[0] != "P"])
            return
        kind = self.r.random()
        if kind < 0.2:  # one of them
            self.cur = self.node("Gather", [self.cur, self.const(self.r.choice([0, 1, -1, -2]))], axis=at)
            del self.axes[at]
        elif kind < 0.3:
            self.cur = self.slice(self.cur, at, *self.r.choice([(0, 1), (1, 2), (-1, BIG)]))
            self.axes[at] = ("P", 1)
            self.drop(at)
        elif kind < 0.6:  # one by one, then side by side
            both = [self.node("Gather", [self.cur, self.const(n)], axis=at) for n in self.r.sample([0, 1], 2)]
            del self.axes[at]
            self.cur = self.node("Concat", both, axis=self.r.choice([len(self.axes) - 1, -1]) if self.opset >= 11 else len(self.axes) - 1)
            self.axes[-1] = ("W", 2 * self.axes[-1][1])
        else:
            if at != len(self.axes) - 2 and not self.maybe(0.05):
                self.transpose([n for n in range(len(self.axes)) if n not in (at, len(self.axes) - 1)] + [at, len(self.axes) - 1])
            rest = [a for a in self.axes if a[0] not in "PW"]
            width = self.axes[-1][1] * 2
            self.reshape(rest + [("W", width)])

    def dense(self):
        inputs, units = self.axes[-1][1], self.r.randint(1, 4)
        bias = self.r.random()
        if len(self.axes) == 2 and self.maybe(0.6):
            turned = self.maybe(0.5)
            w = self.weights(units, inputs) if turned else self.weights(inputs, units)
            args = [self.cur, w] + ([self.weights(units)] if bias < 0.7 or self.opset < 11 else [])
            self.cur = self.node("Gemm", args, transB=int(turned), **({"alpha": 0.5, "beta": 2.0} if self.maybe(0.2) else {}))
        else:
            self.cur = self.node("MatMul", [self.cur, self.weights(inputs, units)])
            if bias < 0.6:
                shape = self.r.choice([[units], [units], [1, units], [1]])
                pair = [self.cur, self.weights(*shape)]
                self.r.shuffle(pair)
                self.cur = self.node("Add", pair)
        self.axes[-1] = ("W", units)
        if self.maybe(0.3):
            self.cur = self.node("Relu", [self.cur])

    def finish(self):
        """Heads: the last row perhaps, dense layers, an activation, and how it is laid out at the end."""
        if "T" in self.letters() and self.maybe(0.45):
            self.take_step()
        if "T" in self.letters() and self.maybe(0.35):
            self.r.choices([self.over_time, self.flatten_steps, self.several_steps, self.last_by_length], [5, 2, 2, 2])[0]()
        self.second_behind()
        for _ in range(self.r.choice([0, 1, 1, 2])):
            if self.letters()[-1:] == "W" or self.maybe(self.wild):
                self.dense()
            if self.maybe(0.2):
                self.move()
        end = self.r.random()
        if end < 0.2 and self.axes:
            axis = len(self.axes) - 1
            self.cur = self.node(self.r.choice(["Softmax", "Softmax", "LogSoftmax"]), [self.cur], axis=-1 if self.maybe(0.5) else axis)
        elif end < 0.25 and self.axes:
            keep = self.maybe(0.5)
            self.cur = self.node("ArgMax", [self.cur], axis=len(self.axes) - 1, keepdims=int(keep))
            self.axes = self.axes[:-1] + ([("W", 1)] if keep else [])
        elif end < 0.4:
            self.cur = self.node("Sigmoid", [self.cur])
        if getattr(self, "turned", False) and "T" in self.letters() and self.maybe(0.85):
            self.turn()
        if self.maybe(0.2) and {"B", "T"} <= set(self.letters()) and set(self.letters()) <= set("BTW1"):
            self.bring("".join(self.order) + ("W" if "W" in self.letters() else ""))
