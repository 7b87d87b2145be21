#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The network of vad.c: the LSTM and the head of Silero VAD, a published network (PyPI silero-vad, MIT).

    python3 vad.py OUT_FOLDER [WAVE.npy]

Nothing is trained here: the sequence file of the package holds one LSTM of 128 units among convolutions. Writes
vad_head_w.npy and vad_head_b.npy; with a recording (float32, 16 kHz) also vad_x.npy [T,128], what the convolutions make of
it. The LSTM itself is cut out by `trine quantize` (--inputs, --outputs; see docs/quantize.md).
Needs: pip install silero-vad onnx onnxruntime numpy
"""
import os
import sys

import numpy as np
import onnx
import onnxruntime
import silero_vad
from onnx import numpy_helper, utils

FRAME, CONTEXT = 512, 64


def main():
    out = sys.argv[1]
    path = os.path.join(os.path.dirname(silero_vad.__file__), "data", "silero_vad_16k_sequence.onnx")
    model = onnx.load(path)
    weights = {w.name: numpy_helper.to_array(w) for w in model.graph.initializer}
    lstm = next(node for node in model.graph.node if node.op_type == "LSTM")
    head = [w for w in weights.values() if w.ndim == 3 and w.shape[0] == 1 and w.shape[1] == 128]
    bias = [w for w in weights.values() if w.shape == (1,)]
    np.save(os.path.join(out, "vad_head_w.npy"), head[-1].reshape(128).astype(np.float32))
    np.save(os.path.join(out, "vad_head_b.npy"), bias[-1].astype(np.float32))
    print("the LSTM is node", lstm.name, "from", lstm.input[0], "to", lstm.output[0])
    if len(sys.argv) > 2:
        wave = np.load(sys.argv[2]).astype(np.float32)
        wave = np.concatenate([np.zeros(CONTEXT, np.float32), wave])
        count = (len(wave) - CONTEXT) // FRAME
        frames = np.stack([wave[n * FRAME:n * FRAME + CONTEXT + FRAME] for n in range(count)])
        cut = os.path.join(out, "vad_front.onnx")
        utils.extract_model(path, cut, [model.graph.input[0].name], [lstm.input[0]])
        session = onnxruntime.InferenceSession(cut)
        rows = session.run(None, {model.graph.input[0].name: frames})[0]
        np.save(os.path.join(out, "vad_x.npy"), rows.reshape(count, 128))


if __name__ == "__main__":
    main()
