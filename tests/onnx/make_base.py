# SPDX-License-Identifier: Apache-2.0
"""What the makers of tests/onnx/set share: random weights, nodes, and graphs put down with what onnxruntime makes of them."""
import os

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OUT = None  # the folder, set by who makes
rng = np.random.default_rng(1)
B, T, I, H, N = 2, 5, 3, 4, 6


def weight(*shape):
    return (0.6 * rng.standard_normal(shape)).astype(np.float32)


def lstm_weights(directions, inputs, units):
    return {"W": weight(directions, 4 * units, inputs), "R": weight(directions, 4 * units, units),
            "Bias": weight(directions, 8 * units)}


def build(name, nodes, constants, x, outputs, inputs=None, opset=14, run=True, feed=None):
    graph = helper.make_graph(
        nodes, name, inputs or [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, None, x.shape[-1]])],
        [helper.make_tensor_value_info(o, TensorProto.UNDEFINED, None) if False else
         helper.make_empty_tensor_value_info(o) for o in outputs],
        [numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 8
    save(name, model, x, run, feed)


def save(name, model, x, run, feed=None):
    path = os.path.join(OUT, name + ".onnx")
    onnx.save(model, path)
    if run:
        session = onnxruntime.InferenceSession(path)
        y = session.run(None, {session.get_inputs()[0].name: x, **(feed or {})})
        np.save(os.path.join(OUT, name + "_x.npy"), x)
        np.save(os.path.join(OUT, name + "_y.npy"), np.asarray(y[0]))


def node(op, inputs, outputs, **attributes):
    return helper.make_node(op, inputs, outputs, name="n_" + outputs[0], **attributes)


def rows(time_major=False):
    return weight(T, B, I) if time_major else weight(B, T, I)


def sized(*dims, name="x", kind=TensorProto.FLOAT):
    return [helper.make_tensor_value_info(name, kind, list(dims))]


def i64(*values):
    return np.array(values, np.int64)


LAST = {"m1": i64(-1), "big": i64(2**62), "zero": i64(0), "one": i64(1)}
