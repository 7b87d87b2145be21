#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Real exports of Keras by tf2onnx for tests/onnx/set, with what Keras itself predicts.

    python3 make_keras.py OUT_FOLDER

keras_NAME.onnx, keras_NAME_x.npy, keras_NAME_y.npy; refused_keras_NAME.onnx has no data. Every weight is
random, so that gates and biases are told apart.
Needs: pip install tensorflow-cpu==2.15.1 tf2onnx==1.17.0
"""
import os
import sys

import numpy as np
import tensorflow as tf
import tf2onnx

keras = tf.keras
layers = keras.layers
B, T, I = 3, 7, 5
rng = np.random.default_rng(1)


def export(name, model, spec, x, opset=13, wanted=True):
    model.set_weights([0.4 * rng.standard_normal(w.shape).astype(np.float32) for w in model.get_weights()])
    tf2onnx.convert.from_keras(model, input_signature=spec, opset=opset, output_path=os.path.join(OUT, name + ".onnx"))
    if wanted:
        y = model.predict(x, verbose=0)
        np.save(os.path.join(OUT, name + "_x.npy"), x[0] if isinstance(x, list) else x)
        np.save(os.path.join(OUT, name + "_y.npy"), y[0] if isinstance(y, list) else y)


def sequential(name, *stack, opset=13, steps=None, batch=None, wanted=True):
    model = keras.Sequential([keras.Input((steps, I)), *stack])
    spec = (tf.TensorSpec((batch, steps, I), tf.float32, name="x"),)
    export(name, model, spec, rng.standard_normal((B, T, I)).astype(np.float32), opset, wanted)


def classifier():
    return [layers.LSTM(8, return_sequences=True), layers.LSTM(6), layers.Dense(4, activation="softmax")]


def embedding():
    model = keras.Sequential([keras.Input((None,), dtype="int32"), layers.Embedding(10, I),
                              layers.LSTM(6, return_sequences=True), layers.Dense(10, activation="softmax")])
    spec = (tf.TensorSpec((None, None), tf.int32, name="x"),)
    # the tests read whole numbers as 64 bits wide
    export("keras_embedding", model, spec, rng.integers(0, 10, (B, T)))


def states():
    x, h, c = keras.Input((None, I)), keras.Input((6,)), keras.Input((6,))
    rows, h_end, c_end = layers.LSTM(6, return_sequences=True, return_state=True)(x, initial_state=[h, c])
    model = keras.Model([x, h, c], [layers.Dense(3)(rows), h_end, c_end])
    nothing = np.zeros((B, 6), np.float32)
    export("keras_states", model, None, [rng.standard_normal((B, T, I)).astype(np.float32), nothing, nothing])


if __name__ == "__main__":
    OUT = sys.argv[1]
    tf.random.set_seed(1)
    sequential("keras_classifier", *classifier())
    sequential("keras_fixed", *classifier(), steps=T, batch=B)
    sequential("keras_sequence", layers.LSTM(8, return_sequences=True), layers.TimeDistributed(layers.Dense(4)), opset=17)
    sequential("keras_both", layers.Bidirectional(layers.LSTM(6, return_sequences=True)),
               layers.Bidirectional(layers.LSTM(4)), layers.Dense(3, activation="sigmoid"))
    sequential("keras_backwards", layers.LSTM(6, go_backwards=True, return_sequences=True), layers.LSTM(4, go_backwards=True),
               layers.Dense(3, activation="relu"), layers.Dense(2))
    sequential("keras_dropout", layers.LSTM(6, return_sequences=True, dropout=0.2), layers.Dropout(0.5), layers.LSTM(5),
               layers.Dense(2), opset=15)
    sequential("keras_no_bias", layers.LSTM(6, use_bias=False), layers.Dense(3))
    embedding()
    states()
    sequential("refused_keras_hard", layers.LSTM(6, recurrent_activation="hard_sigmoid"), wanted=False)
    sequential("keras_turned", layers.LSTM(6, go_backwards=True, return_sequences=True))
    sequential("refused_keras_gru", layers.GRU(6), wanted=False)
    sequential("refused_keras_unrolled", layers.LSTM(4, unroll=True), steps=T, wanted=False)
