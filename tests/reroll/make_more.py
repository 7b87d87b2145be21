# SPDX-License-Identifier: Apache-2.0
"""make_more: networks of make.py that public files do not have: heads and merges of both directions, states as outputs, pools, gates,
branches, tables, forecasts, decoders both ways, and what is refused among them."""
import numpy as np
import tensorflow as tf

keras = tf.keras
layers = keras.layers
B = 4


def looped(units, **how):
    """Not fused by the converter, although batch and steps are fixed."""
    return layers.RNN(layers.LSTMCell(units), **how)


def sequential(shape, *stack, dtype=None):
    return keras.Sequential([keras.Input(shape, dtype=dtype), *stack])


def fixed(*shape):
    return (tf.TensorSpec((1,) + shape, tf.float32),)


def both(merge, **how):
    return layers.Bidirectional(looped(5, return_sequences=True), merge_mode=merge, **how)


def functional(shape, outs):
    x = keras.Input(shape)
    return keras.Model(x, outs(x))


def states_out(x):
    rows, h, c = layers.LSTM(5, return_sequences=True, return_state=True)(x)
    return [layers.Dense(3)(rows), h, c]


def two_heads(x):
    h = looped(6)(x)
    return [layers.Dense(3, activation="softmax")(h), layers.Dense(1)(layers.Dense(4, activation="relu")(h))]


def residual(x):
    first = looped(4, return_sequences=True)(x)
    return layers.Dense(3)(looped(5)(layers.Add()([x, first])))


def gated(x):
    rows = looped(5, return_sequences=True)(x)
    mixed = layers.Multiply()([layers.Dense(4)(rows), layers.Dense(4, activation="sigmoid")(rows)])
    return layers.Dense(2)(looped(3)(mixed))


def pools(x):
    rows = layers.Bidirectional(looped(4, return_sequences=True))(x)
    return layers.Dense(3)(layers.Concatenate()([layers.GlobalAveragePooling1D()(rows), layers.GlobalMaxPooling1D()(rows)]))


def encoder_decoder(make_layer, depth=1, steps=7):
    """A decoder whose layers each begin with both states of the encoder's."""
    def outs(x):
        states, rows = [], x
        for _ in range(depth):
            rows, *state = make_layer(5, return_sequences=True, return_state=True)(rows)
            states.append(state)
        rows = layers.RepeatVector(steps)(states[-1][0])
        for state in states:
            rows = make_layer(5, return_sequences=True)(rows, initial_state=state)
        return layers.Dense(3)(rows)
    return outs


def decoder_fed(x):
    """Of rows of its own, as a decoder is trained."""
    _, *state = looped(5, return_state=True)(x[0])
    return layers.Dense(3)(looped(5, return_sequences=True)(x[1], initial_state=state))


def decoder_both(x):
    _, *states = layers.Bidirectional(looped(5, return_state=True))(x)
    rows = layers.RepeatVector(7)(layers.Concatenate()([states[0], states[2]]))
    return layers.Dense(3)(layers.Bidirectional(looped(5, return_sequences=True))(rows, initial_state=states))


def unrolled(units, **how):
    return layers.LSTM(units, unroll=True, **how)


def backwards_beside(x):
    forward = looped(4, return_sequences=True)(x)
    return layers.Dense(3)(layers.Concatenate()([forward, looped(4, return_sequences=True, go_backwards=True)(x)]))


def attention(x):
    rows = looped(5, return_sequences=True)(x)
    weights = layers.Softmax(axis=1)(layers.Dense(1)(rows))
    return layers.Dense(2)(tf.reduce_sum(rows * weights, axis=1))


def feedback(x):
    """A forecast that reads what it said, as TensorFlow's tutorial of time series does."""
    cell, head = layers.LSTMCell(5), layers.Dense(4)
    h, *state = layers.RNN(cell, return_state=True)(x)
    said = [head(h)]
    for _ in range(2):
        h, state = cell(said[-1], state)
        said.append(head(h))
    return tf.stack(said, axis=1)


def branched(by_size):
    def branch(x):
        condition = tf.shape(x)[1] > 2 if by_size else tf.reduce_sum(x) > 0
        return tf.cond(condition, lambda: x * 2.0, lambda: x - 1.0)

    def outs(x):
        return layers.Dense(3)(looped(5)(layers.Lambda(branch, output_shape=(None, 4))(x)))
    return outs


def draw(make, data, rng):
    """All of them; data: normal numbers of a shape, rng: other ones."""
    one = (tf.TensorSpec((1, None, 4), tf.float32),)
    seven, f7 = data(B, 7, 4), fixed(7, 4)
    for name, outs in (("return_states", states_out), ("two_heads", two_heads), ("residual", residual), ("gated", gated), ("pools", pools),
                       ("encoder_decoder", encoder_decoder(layers.LSTM)), ("encoder_decoder_two", encoder_decoder(looped, 2)),
                       ("encoder_decoder_unrolled", encoder_decoder(unrolled)), ("refused_decoder_of_four", encoder_decoder(looped, 1, 4)), ("encoder_decoder_both", decoder_both),
                       ("both_beside", backwards_beside), ("softmax_of_steps", attention),
                       ("refused_feedback", feedback), ("branch_by_size", branched(True)), ("refused_branch_by_data", branched(False))):
        make(name, functional((None if name.startswith("branch") else 7, 4), outs), seven, "fixed", spec=one if name.startswith("branch") else f7)
    x = [keras.Input((7, 4)), keras.Input((7, 3))]
    make("encoder_decoder_fed", keras.Model(x, decoder_fed(x)), [seven, data(B, 7, 3)], "fixed", spec=f7 + fixed(7, 3))
    for merge in ("sum", "ave", "mul"):
        make("both_" + merge, sequential((7, 4), both(merge), looped(4), layers.Dense(3)), seven, "fixed", spec=f7)
    make("both_none", functional((7, 4), lambda x: both(None)(x)), seven, "fixed", spec=f7)
    make("both_autoencoder", sequential((7, 4), layers.Bidirectional(looped(5)), layers.RepeatVector(7), both("concat"),
                                        layers.TimeDistributed(layers.Dense(4))), seven, "fixed", spec=f7)
    make("both_last_row", functional((7, 4), lambda x: layers.Dense(3)(layers.Bidirectional(looped(5, return_sequences=True))(x)[:, -1, :])), seven, "fixed", spec=f7)
    make("turned_all", sequential((7, 4), looped(5, go_backwards=True, return_sequences=True), layers.Dense(3)), seven, "fixed", spec=f7)
    make("td_heads", sequential((None, 4), layers.TimeDistributed(layers.Dense(5, activation="relu")), layers.Bidirectional(layers.LSTM(6, return_sequences=True)),
                                layers.TimeDistributed(layers.Dense(4, activation="relu")), layers.TimeDistributed(layers.Dense(3, activation="softmax"))),
         seven, flex=True, lower=False)
    make("stateful_steps", keras.Sequential([layers.LSTM(6, stateful=True, return_sequences=True, batch_input_shape=(1, 5, 4)), layers.LSTM(4, stateful=True), layers.Dense(3)]),
         data(B, 5, 4), "variables", spec=fixed(5, 4))
    make("text_both", sequential((12,), layers.Embedding(30, 6), layers.SpatialDropout1D(0.2), layers.Bidirectional(layers.LSTM(5, return_sequences=True)),
                                 layers.Bidirectional(layers.LSTM(4)), layers.Dense(6, activation="relu"), layers.Dropout(0.5), layers.Dense(1, activation="sigmoid")),
         rng.integers(0, 30, (B, 12)).astype(np.float32), flex=True, lower=False)
    make("forecast_rows", sequential((7, 4), layers.LSTM(6), layers.Dense(12), layers.Reshape((3, 4))), seven, "fixed", spec=f7)
    make("last_three", functional((7, 4), lambda x: layers.Dense(2)(looped(5, return_sequences=True)(x)[:, -3:, :])), seven, "fixed", spec=f7)
    make("without_bias", sequential((7, 4), layers.RNN(layers.LSTMCell(5, use_bias=False)), layers.Dense(3, use_bias=False)), seven, "fixed", spec=f7)
    make("time_first", sequential((7, 4), layers.Permute((1, 2)), layers.LSTM(5, return_sequences=True), layers.Dense(3)), seven, "fixed", spec=f7)
    make("channels_first", sequential((4, 7), layers.Permute((2, 1)), looped(5), layers.Dense(3)), data(B, 4, 7), "fixed", spec=fixed(4, 7))
    make("part_norm_between", sequential((7, 4), looped(6, return_sequences=True), layers.LayerNormalization(), looped(5), layers.Dense(3)), seven, "fixed", spec=f7)
    make("refused_conv_lstm", sequential((5, 6, 6, 1), layers.ConvLSTM2D(2, 3), layers.Flatten(), layers.Dense(2)), data(B, 5, 6, 6, 1), "fixed", spec=fixed(5, 6, 6, 1))
    for name, cell in (("simple", layers.SimpleRNNCell), ("gru", layers.GRUCell)):
        make("part_behind_" + name, sequential((7, 4), layers.RNN(cell(5), return_sequences=True), looped(6), layers.Dense(3)), seven, "fixed", spec=f7)
    make("part_behind_conv_lstm", sequential((5, 6, 6, 1), layers.ConvLSTM2D(2, 3, return_sequences=True), layers.Reshape((5, 32)), looped(6), layers.Dense(3)),
         data(B, 5, 6, 6, 1), "fixed", spec=fixed(5, 6, 6, 1))
    make("refused_hard", sequential((7, 4), layers.LSTM(5, recurrent_activation="hard_sigmoid"), layers.Dense(3)), seven, flex=True, lower=False)
    make("refused_masking_open", sequential((None, 4), layers.Masking(-1.0), layers.LSTM(6), layers.Dense(3)), seven, flex=True, lower=False)
