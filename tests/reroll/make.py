#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make: LSTMs as TensorFlow's converter takes them apart, with what the interpreter makes of them.

    python3 make.py OUT_FOLDER

NAME.tflite, NAME_x.npy (inputs, float32 [B,T,F], or ids) and NAME_y.npy (TensorFlow Lite's own output,
sequence by sequence). The make-up is that of the files in public repositories: loops with Flex lists, with
built-in lists, with variables; unrolled; fused; half precision and dynamic range. All weights are random.
Needs: pip install -r requirements.txt
"""
import os
import sys
import zlib

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf

import make_more
from make_more import fixed, looped, sequential

keras = tf.keras
layers = keras.layers
rng = np.random.default_rng(1)
OUT = sys.argv[1]
ONLY = sys.argv[2:]


def randomise(name, model):
    own, new = np.random.default_rng(zlib.crc32(name.encode())), []
    for v in model.weights:
        shape = tuple(v.shape)
        if "moving_variance" in v.name or "gamma" in v.name:
            new.append(own.uniform(0.5, 1.5, shape).astype(np.float32))
        elif "state" in v.name or "seed" in v.name:
            new.append(np.zeros(shape, np.float32))
        else:
            new.append((own.standard_normal(shape) * 0.4).astype(np.float32))
    model.set_weights(new)


def convert(model, how, flex, lower, spec, weights):
    if how == "keras":
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
    else:
        run = tf.function(lambda *x: model(list(x) if len(x) > 1 else x[0]))
        converter = tf.lite.TFLiteConverter.from_concrete_functions([run.get_concrete_function(*spec)], model)
    if flex:
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
    if lower is not None:
        converter._experimental_lower_tensor_list_ops = lower
    if how == "variables":
        converter.experimental_enable_resource_variables = True
    if weights != "float":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if weights == "half":
        converter.target_spec.supported_types = [tf.float16]
    return converter.convert()


def answers(content, x, model):
    if isinstance(x, list):
        return answers_of_all(content, x), "tflite"
    try:
        rows = []
        for one in x:  # a new interpreter each: variables keep what they hold
            interpreter = tf.lite.Interpreter(model_content=content)
            details = interpreter.get_input_details()
            detail = max(details, key=lambda d: (len(d["shape"]) == x.ndim, -d["index"]))  # others are states
            shape = [1 if n == 0 else s for n, s in enumerate(detail["shape"])]
            if list(shape) != [1] + list(one.shape):
                interpreter.resize_tensor_input(detail["index"], [1] + list(one.shape))
            interpreter.allocate_tensors()
            for other in details:
                interpreter.set_tensor(other["index"], np.zeros(other["shape"], other["dtype"]))
            interpreter.set_tensor(detail["index"], one[None].astype(detail["dtype"]))
            interpreter.invoke()
            outs = [interpreter.get_tensor(o["index"])[0] for o in interpreter.get_output_details()]
            rows.append(min(outs, key=lambda o: o.ndim))
        return np.stack(rows), "tflite"
    except Exception as problem:
        return model.predict(x, verbose=0), "keras (" + str(problem).splitlines()[0][:60] + ")"


def answers_of_all(content, inputs):
    """Of a model of several inputs, which the file has in the order of the signature."""
    rows = []
    for one in zip(*inputs):
        interpreter = tf.lite.Interpreter(model_content=content)
        interpreter.allocate_tensors()
        details = interpreter.get_input_details()
        for part in one:
            detail = next(d for d in details if tuple(d["shape"][1:]) == part.shape)
            interpreter.set_tensor(detail["index"], part[None])
        interpreter.invoke()
        rows.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0])
    return np.stack(rows)


def order_of(content, inputs):
    details = tf.lite.Interpreter(model_content=content).get_input_details()
    return [next(x for x in inputs if x.shape[1:] == tuple(d["shape"][1:])) for d in details]


def make(name, model, x, how="keras", flex=False, lower=None, spec=None, weights="float"):
    if (ONLY and name not in ONLY) or os.path.exists(os.path.join(OUT, name + "_y.npy")):
        return
    randomise(name, model)
    try:
        content = convert(model, how, flex, lower, spec, weights)
    except Exception as problem:
        print(f"{name}: not converted: {str(problem).splitlines()[0][:150]}", flush=True)
        return
    with open(os.path.join(OUT, name + ".tflite"), "wb") as file:
        file.write(content)
    y, by = answers(content, x, model)
    parts = order_of(content, x) if isinstance(x, list) else [x]
    for n, part in enumerate(parts):  # in the file's order: x, x2, ...
        np.save(os.path.join(OUT, name + ("_x.npy" if n == 0 else f"_x{n + 1}.npy")), part)
    np.save(os.path.join(OUT, name + "_y.npy"), np.asarray(y, np.float32))
    print(f"{name}: {len(content)} bytes, by {by}", flush=True)


def data(*shape):
    return rng.standard_normal(shape).astype(np.float32)


def classifier(units=8, **how):
    return [layers.LSTM(units, **how), layers.Dense(4, activation="softmax")]


B = 4
# fused: a fixed batch and fixed steps
make("fused_last", sequential((7, 5), *classifier()), data(B, 7, 5), "fixed", spec=fixed(7, 5))
make("fused_all", sequential((7, 5), layers.LSTM(6, return_sequences=True), layers.Dense(3)), data(B, 7, 5), "fixed",
     spec=fixed(7, 5))
make("fused_two", sequential((9, 4), layers.LSTM(8, return_sequences=True), layers.LSTM(5), layers.Dense(6, activation="relu"),
                             layers.Dense(3, activation="sigmoid")), data(B, 9, 4), "fixed", spec=fixed(9, 4))
make("fused_univariate", sequential((12, 1), layers.LSTM(10), layers.Dense(1)), data(B, 12, 1), "fixed", spec=fixed(12, 1))
# The converter leaves matrices of less than 1,024 numbers as floats.
make("fused_hybrid", sequential((7, 32), *classifier(36)), data(B, 7, 32), "fixed", spec=fixed(7, 32), weights="hybrid")
make("fused_hybrid_two", sequential((5, 40), layers.LSTM(34, return_sequences=True), layers.LSTM(33), layers.Dense(40)), data(B, 5, 40), "fixed",
     spec=fixed(5, 40), weights="hybrid")
# loops with Flex lists
make("flex_last", sequential((11, 4), layers.LSTM(8), layers.Dense(3)), data(B, 11, 4), flex=True, lower=False)
make("flex_open", sequential((None, 4), layers.LSTM(8), layers.Dense(3)), data(B, 11, 4), flex=True, lower=False)
make("flex_two", sequential((9, 4), layers.LSTM(8, return_sequences=True), layers.LSTM(6), layers.Dense(3, activation="softmax")),
     data(B, 9, 4), flex=True, lower=False)
make("flex_three", sequential((9, 4), layers.LSTM(8, return_sequences=True), layers.Dropout(0.2),
                              layers.LSTM(6, return_sequences=True), layers.LSTM(5), layers.Dense(8, activation="relu"),
                              layers.Dense(3, activation="softmax")), data(B, 9, 4), flex=True, lower=False)
make("flex_batchnorm_half", sequential((9, 4), layers.LSTM(8, return_sequences=True), layers.BatchNormalization(),
                                       layers.LSTM(6), layers.Dense(8, activation="relu"), layers.BatchNormalization(),
                                       layers.Dense(3, activation="softmax")), data(B, 9, 4), flex=True, lower=False,
     weights="half")
make("flex_hybrid", sequential((7, 16), layers.LSTM(48), layers.Dense(1)), data(B, 7, 16), flex=True, lower=False,
     weights="hybrid")
make("flex_all", sequential((6, 4), layers.LSTM(8, return_sequences=True), layers.Dense(3, activation="sigmoid")), data(B, 6, 4),
     flex=True, lower=False)
# loops with built-in lists
make("while_last", sequential((11, 4), looped(8), layers.Dense(3, activation="softmax")), data(B, 11, 4),
     how="fixed", spec=fixed(11, 4))
make("while_open", sequential((None, 4), looped(8), layers.Dense(3, activation="softmax")), data(B, 11, 4),
     how="fixed", spec=(tf.TensorSpec((1, None, 4), tf.float32),))
make("while_fixed", sequential((None, 4), looped(8, return_sequences=True), looped(8), layers.Dense(3)), data(B, 8, 4), "fixed", spec=fixed(8, 4))
make("while_batchnorm", sequential((7, 4), looped(8, return_sequences=True), layers.BatchNormalization(),
                                   layers.TimeDistributed(layers.Dense(6, activation="relu")), looped(5),
                                   layers.BatchNormalization(), layers.Dense(3, activation="softmax")), data(B, 7, 4),
     how="fixed", spec=fixed(7, 4))
make("while_hybrid", sequential((7, 16), looped(48), layers.Dense(2)), data(B, 7, 16), weights="hybrid",
     how="fixed", spec=fixed(7, 16))
make("while_half", sequential((7, 16), looped(24), layers.Dense(2)), data(B, 7, 16), weights="half",
     how="fixed", spec=fixed(7, 16))
make("both_last", sequential((8, 4), layers.Bidirectional(looped(6)), layers.Dense(8, activation="relu"),
                             layers.Dense(3, activation="softmax")), data(B, 8, 4), how="fixed", spec=fixed(8, 4))
make("both_two", sequential((8, 4), layers.Bidirectional(looped(6, return_sequences=True)),
                            layers.Bidirectional(looped(5)), layers.Dense(3, activation="softmax")), data(B, 8, 4),
     how="fixed", spec=fixed(8, 4))
make("both_all", sequential((8, 4), layers.Bidirectional(looped(6, return_sequences=True)), layers.Dense(3)), data(B, 8, 4),
     how="fixed", spec=fixed(8, 4))
make("both_flex", sequential((8, 4), layers.Bidirectional(layers.LSTM(6)), layers.Dense(8, activation="relu"), layers.Dense(3)),
     data(B, 8, 4), flex=True, lower=False)
make("while_normalised", sequential((8, 4), layers.Normalization(axis=-1, mean=[0.1, 0.2, 0.3, -0.1], variance=[1., 2., 0.5, 1.]),
                                    looped(6), layers.Dense(3)), data(B, 8, 4), how="fixed", spec=fixed(8, 4))
make("while_flat", sequential((12,), layers.Reshape((12, 1)), looped(6), layers.Dense(2)), data(B, 12),
     how="fixed", spec=(tf.TensorSpec((1, 12), tf.float32),))
make("while_embedding", sequential((9,), layers.Embedding(20, 6), looped(7), layers.Dense(3, activation="softmax"),
                                   dtype="int32"), rng.integers(0, 20, (B, 9)).astype(np.int32),
     how="fixed", spec=(tf.TensorSpec((1, 9), tf.int32),))
make("while_backward", sequential((8, 4), looped(6, go_backwards=True), layers.Dense(3)), data(B, 8, 4),
     how="fixed", spec=fixed(8, 4))
# unrolled
make("unrolled_last", sequential((5, 4), layers.LSTM(6, unroll=True), layers.Dense(3, activation="softmax")), data(B, 5, 4))
make("unrolled_two", sequential((5, 4), layers.LSTM(6, unroll=True, return_sequences=True), layers.LSTM(4, unroll=True),
                                layers.Dense(3, activation="softmax")), data(B, 5, 4))
make("unrolled_long", sequential((40, 3), layers.LSTM(5, unroll=True), layers.Dense(2)), data(B, 40, 3))
make("unrolled_fixed", sequential((6, 4), layers.LSTM(6, unroll=True, return_sequences=True), layers.Dense(3)), data(B, 6, 4),
     "fixed", spec=fixed(6, 4))
make("unrolled_embedding", sequential((6,), layers.Embedding(20, 5), layers.LSTM(6, unroll=True), layers.Dense(3)),
     rng.integers(0, 20, (B, 6)).astype(np.float32))
make("unrolled_hybrid", sequential((5, 16), layers.LSTM(48, unroll=True), layers.Dense(2)), data(B, 5, 16), weights="hybrid")
make("unrolled_both", sequential((6, 4), layers.Bidirectional(layers.LSTM(5, unroll=True)), layers.Dense(3)), data(B, 6, 4))


def cells_stacked():
    cells = [layers.LSTMCell(6), layers.LSTMCell(5)]
    return sequential((7, 4), layers.RNN(cells), layers.Dense(3))


make("while_cells", cells_stacked(), data(B, 7, 4), how="fixed", spec=fixed(7, 4))


def stepwise():
    """One step a call, states in and out, as streaming models are exported."""
    x, states = keras.Input((1, 9), batch_size=1), keras.Input((2, 6, 2), batch_size=1)
    rows, outs = x, []
    for n in range(2):
        h, c = states[:, n, :, 0], states[:, n, :, 1]
        rows, h, c = layers.LSTM(6, return_sequences=True, return_state=True, unroll=True)(rows, initial_state=[h, c])
        outs.append(tf.stack([h, c], axis=-1))
    return keras.Model([x, states], [layers.Dense(9, activation="sigmoid")(rows), tf.stack(outs, axis=1)])


make("step_states", stepwise(), data(B, 1, 9), "fixed",
     spec=(tf.TensorSpec((1, 1, 9), tf.float32), tf.TensorSpec((1, 2, 6, 2), tf.float32)))


make("variables_flex", sequential((7, 4), layers.LSTM(6), layers.Dense(3)), data(B, 7, 4), "variables", flex=True, lower=False,
     spec=(tf.TensorSpec((None, 7, 4), tf.float32),))
make("variables_stateful", keras.Sequential([layers.LSTM(6, stateful=True, batch_input_shape=(1, 1, 4)), layers.Dense(3)]),
     data(B, 1, 4), "variables", spec=fixed(1, 4))


# an LSTM autoencoder: the last row of one layer, at each step of another
def autoencoder(layer):
    return sequential((6, 4), layer(5), layers.RepeatVector(6), layer(5, return_sequences=True),
                      layers.TimeDistributed(layers.Dense(4)))


make("fused_autoencoder", autoencoder(layers.LSTM), data(B, 6, 4), "fixed", spec=fixed(6, 4))
make("while_autoencoder", autoencoder(looped), data(B, 6, 4), "fixed", spec=fixed(6, 4))
make("unrolled_autoencoder", autoencoder(lambda n, **how: layers.LSTM(n, unroll=True, **how)), data(B, 6, 4))
# pooled over the steps
make("pooled_mean", sequential((30, 4), layers.LSTM(6, return_sequences=True), layers.GlobalAveragePooling1D(),
                               layers.Dense(3)), data(B, 30, 4), "fixed", spec=fixed(30, 4))
make("pooled_largest", sequential((9, 4), looped(6, return_sequences=True), layers.GlobalMaxPooling1D(),
                                  layers.Dense(3)), data(B, 9, 4), "fixed", spec=fixed(9, 4))
make("flattened", sequential((6, 4), layers.LSTM(5, return_sequences=True), layers.Flatten(), layers.Dense(3)),
     data(B, 6, 4), "fixed", spec=fixed(6, 4))


# several inputs: rows of a step each; and a row a sequence
def two_inputs():
    a, b = keras.Input((7, 3)), keras.Input((7, 2))
    rows = layers.LSTM(6)(layers.Concatenate()([a, layers.Dense(4, activation="relu")(b)]))
    return keras.Model([a, b], layers.Dense(3)(rows))


def row_beside():
    a, b = keras.Input((7, 3)), keras.Input((5,))
    rows = layers.Concatenate()([looped(6)(a), layers.Dense(4, activation="relu")(b)])
    return keras.Model([a, b], layers.Dense(3)(rows))


def row_at_each_step():
    a, b = keras.Input((7, 3)), keras.Input((5,))
    rows = looped(6, return_sequences=True)(layers.Concatenate()([a, layers.RepeatVector(7)(b)]))
    return keras.Model([a, b], layers.Dense(3)(rows))


for name, made, shapes in (("inputs_rows", two_inputs(), ((7, 3), (7, 2))), ("inputs_row", row_beside(), ((7, 3), (5,))),
                           ("inputs_each", row_at_each_step(), ((7, 3), (5,)))):
    make(name, made, [data(B, *shape) for shape in shapes], "fixed", spec=sum((fixed(*shape) for shape in shapes), ()))


def bent(x):
    """Layer normalisation of the features, as masks of speech have it in front."""
    return layers.LayerNormalization()(tf.math.log(tf.square(x) + 1e-4))


def normed_front():
    x = keras.Input((7, 6))
    return keras.Model(x, layers.Dense(3, activation="sigmoid")(looped(5, return_sequences=True)(bent(x))))


# parts that run: the sentence names the tensors
make("part_conv", sequential((12, 3), layers.Conv1D(4, 3, activation="relu"), layers.MaxPooling1D(2), layers.LSTM(6),
                             layers.Dense(3)), data(B, 12, 3), "fixed", spec=fixed(12, 3))
make("part_conv_loop", sequential((12, 3), layers.Conv1D(4, 3, activation="relu"), looped(6), layers.Dense(3)),
     data(B, 12, 3), "fixed", spec=fixed(12, 3))
make("part_norm", normed_front(), data(B, 7, 6), "fixed", spec=fixed(7, 6))
make("part_attention", sequential((7, 4), layers.LSTM(6, return_sequences=True), layers.LayerNormalization(),
                                  layers.Dense(3)), data(B, 7, 4), "fixed", spec=fixed(7, 4))
make("refused_mask_zero", sequential((9,), layers.Embedding(20, 6, mask_zero=True), layers.LSTM(7), layers.Dense(3), dtype="int32"),
     rng.integers(0, 20, (B, 9)).astype(np.int32), how="fixed", spec=(tf.TensorSpec((1, 9), tf.int32),))
# refused
make("refused_gru", sequential((8, 4), layers.GRU(6), layers.Dense(3)), data(B, 8, 4), flex=True, lower=False)
make("refused_gru_unrolled", sequential((5, 4), layers.GRU(6, unroll=True), layers.Dense(3)), data(B, 5, 4))
make("refused_relu", sequential((8, 4), layers.LSTM(6, activation="relu"), layers.Dense(3)), data(B, 8, 4), flex=True, lower=False)
make("refused_relu_both", sequential((8, 4), layers.Bidirectional(layers.LSTM(6, activation="relu")), layers.Dense(3)),
     data(B, 8, 4), flex=True, lower=False)
make("refused_relu_unrolled", sequential((5, 4), layers.LSTM(6, activation="relu", unroll=True), layers.Dense(3)), data(B, 5, 4))
make("refused_masking", sequential((8, 4), layers.Masking(), layers.LSTM(6), layers.Dense(3)), data(B, 8, 4), flex=True, lower=False)
make("refused_simple", sequential((8, 4), layers.SimpleRNN(6), layers.Dense(3)), data(B, 8, 4), flex=True, lower=False)
# what public files do not have
make_more.draw(make, data, rng)
