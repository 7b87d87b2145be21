/* SPDX-License-Identifier: Apache-2.0 */
/* help: the texts of --help, see help.h; docs/cli.md says the same at length. */
#include "help.h"

#include <stddef.h>
#include <string.h>

#define DEVICE_OPTION                                                                            \
  "  -d, --device D    sim (default; sim:NAME has its configuration), golden (the C model, no\n" \
  "                    chip), uart:PATH, mmio:PATH\n"
#define BAUD_OPTION "  --baud N          speed of uart:PATH; default 1000000\n"
#define STRAYS_OPTION \
  "  --stop-strays     first stop what a process that crashed left running on the device\n"
#define CONFIG_OPTION "  -c, --config NAME a configuration of rtl/configs.txt; default duo\n"
#define JSON_OPTION "  --json            one object instead of the report\n"

static const char all[] =
    "trine run MODEL.tflite|IMAGE.trn --input X.npy [--output Y.npy] [--lengths L.npy] [--check]\n"
    "          [--json]\n"
    "          [--device sim|golden|uart:PATH|mmio:PATH] [--config NAME] [--cores N]\n"
    "          [--mode auto|single|multithreading|helper|hybrid] [--stop-strays]\n"
    "          [--state-in S.npz] [--state-out S.npz]\n"
    "          [--wave F.fst [--wave-start CYCLE] [--wave-cycles N]] [--dump F]\n"
    "trine run --job A.tflite:XA.npy:YA.npy --job B.tflite:XB.npy:YB.npy [...]   side by side\n"
    "trine plan MODEL.tflite [--config NAME] [--steps T] [--batch B] [--lengths L.npy]\n"
    "          [--cores N] [--json]\n"
    "          where its layers could go, with predicted cycles, the best first\n"
    "trine plan --layers 40-96-96 [--dense N] [--bidirectional] [--set Cores=4,Lanes=16] [...]\n"
    "          the same of a network of given layers, of a chip that is not built\n"
    "trine make --layers 40-96-96 [--dense N] [--bidirectional] [--steps T] [--seed S]\n"
    "          -o MODEL.tflite     a network of given layers with random weights\n"
    "trine compile MODEL.tflite -o MODEL.trn|MODEL.c [--config NAME] [--cores N]\n"
    "          [--mode M | --place P] [--steps T] [--batch B] [--in-place]\n"
    "          what a device of that configuration runs, as a file or as C\n"
    "trine inspect MODEL.tflite [--config NAME] [--json]   layers, sizes; whether it runs there\n"
    "trine inspect MODEL.onnx|FLOAT.tflite [--inputs N] [--outputs N] [--json]   what is read\n"
    "trine info [--config NAME] [--device D] [--json]      a configuration, or what a device says\n"
    "trine selftest [--device D] [--config NAME]           a small network in every mode\n"
    "trine quantize MODEL.onnx|FLOAT.tflite --calibrate X.npy -o MODEL.tflite [--lengths L.npy]\n"
    "          [--labels Y.npy] [--inputs NAME] [--outputs NAME] [--per-row] [--steps T]\n"
    "          [--calibrate-by best|range|percentile|error] [--report R.html]\n"
    "          a trained float network becomes int8, with a report of what that costs\n"
    "trine diff MODEL.onnx MODEL.tflite --input X.npy [--lengths L.npy]\n"
    "          where int8 parts from float: layer, step, gate and unit, in LSB\n"
    "trine state MODEL.tflite --from S.npz[:N,...] [--from new[:N]] [--output T.npz]\n"
    "          streams picked out of files of states, forked, joined, begun\n"
    "trine replay F [--wave F.fst [--wave-cycles N]] [--json]\n"
    "          a run that failed on a device, again in simulation to the same cycle\n"
    "trine COMMAND --help                                  what each option means\n"
    "trine --version\n";

static const char run[] =
    "trine run MODEL.tflite --input X.npy [options]\n"
    "trine run --job MODEL:INPUT[:OUTPUT] --job ... [options]\n"
    "\n"
    "Runs a network on its input, or independent networks side by side on cores of their own.\n"
    "A model, its input or its lengths may be -, standard input.\n"
    "\n"
    "  -i, --input X.npy int8 (uint8, int32) or float, in the layout of the model; [T,I] is one\n"
    "                    sequence; - is standard input; of several inputs each has its own,\n"
    "                    --input NAME=X.npy, or in the model's order\n"
    "  -o, --output Y.npy\n"
    "                    in the type of the input; without it only the report is printed; several\n"
    "                    outputs go into one Y.npz; - is standard output\n"
    "  --inputs NAME, --outputs NAME[,NAME]\n"
    "                    only the part of the model between these tensors\n"
    "  --lengths L.npy   int32 or int64 [B], the steps of each sequence; rows behind them are 0\n"
    "  --state-in S.npz, --state-out S.npz\n"
    "                    h0, c0, h1, c1, ... of the LSTM layers before and after the run\n"
    "  --job M:X[:Y]     one of several networks; each with its model, input and output;\n"
    "                    a colon of a path is \\:\n"
    "\n"
    "  -m, --mode M      how layers are placed on cores; auto (default): fewest predicted cycles\n"
    "                    single          all layers on one core\n"
    "                    multithreading  whole layers on different cores, one behind the other\n"
    "                    helper          every layer in slices on all cores\n"
    "                    hybrid          any mixture of the last two\n"
    "  --place P         the cores of each layer instead: 0:48+1:16,0+1,1 is the first layer with\n"
    "                    48 units on core 0 and 16 on core 1, the second on both, the third on 1\n"
    "  --cores N         cores to use, 1 to 16; default: all of the device, 1 in "
    "single\n" DEVICE_OPTION BAUD_OPTION STRAYS_OPTION CONFIG_OPTION
    "\n"
    "  --check           compare every value with the golden model; exit 1 at a difference\n"
    "  --json            one object instead of the report\n"
    "  --wave F.fst      the waveform of the simulated chip\n"
    "  --wave-start C, --wave-cycles N\n"
    "                    only N cycles of it, from cycle C after reset\n"
    "  --dump F          when the device fails, what led there goes into F for trine replay\n"
    "\n"
    "Exit status: 0 done, 1 failed, 2 wrong usage. Examples:\n"
    "  trine run tests/models/vad.tflite --input tests/models/vad_xq.npy --mode helper --check\n"
    "  trine run --job tests/models/vowels.tflite:tests/models/vowels_xq.npy \\\n"
    "            --job tests/models/vad.tflite:tests/models/vad_xq.npy\n";

static const char replay[] =
    "trine replay F [options]\n"
    "\n"
    "Runs what trine run --dump F kept of a run that failed on a device (a board, or a simulated\n"
    "chip) again on the simulated chip of that configuration, and says whether it fails there "
    "with\n"
    "the same error at the same cycle, or in which point it differs. Exit 0: the same.\n"
    "\n"
    "  --wave F.fst      the waveform around the failure\n"
    "  --wave-cycles N   from N cycles before it on; default 2000\n" JSON_OPTION;

static const char plan[] =
    "trine plan MODEL.tflite [options]\n"
    "\n"
    "Lists the placements of a model on a configuration in every mode with every number of cores,\n"
    "the best first: predicted cycles with weights resident, speed-up over the best placement on\n"
    "one core, utilisation. Neither a device nor its simulation is needed.\n"
    "\n"
    "  --steps T         time steps of a sequence; default: those the model declares\n"
    "  --batch B         sequences; default 1\n"
    "  --lengths L.npy   int32 or int64 [B], the steps of each sequence, instead of the two\n"
    "  --inputs NAME, --outputs NAME[,NAME]\n"
    "                    only the part of the model between these tensors\n"
    "  --cores N         at most N cores; default: all of the configuration\n"
    "  --place P         only this placement, as of trine run\n" CONFIG_OPTION
    "  --set F=N,...     with other values in some of its fields, as Cores=4,Lanes=16\n"
    "  --layers 40-96-96 instead of a model: an input of 40, two LSTMs of 96 units\n"
    "  --dense N         and a dense layer of N behind them, at each step\n"
    "  --bidirectional   each LSTM in both directions\n"
    "  --json            one object instead of the list\n";

static const char make[] =
    "trine make --layers 40-96-96 -o MODEL.tflite [options]\n"
    "\n"
    "Writes an int8 model of given layers with random weights, to compare architectures before "
    "one\n"
    "is trained: cycles depend on shapes alone. TensorFlow Lite Micro runs it too.\n"
    "\n"
    "  --layers 40-96-96 an input of 40, two LSTMs of 96 units\n"
    "  --dense N         a dense layer of N behind them, at each step\n"
    "  --bidirectional   each LSTM in both directions\n"
    "  --steps T         time steps that the file names; default 16\n"
    "  --seed S          of the weights; default 1\n"
    "  -o, --output M.tflite\n"
    "                    where the model goes; - is standard output\n" JSON_OPTION;

static const char quantize[] =
    "trine quantize MODEL.onnx|FLOAT.tflite --calibrate X.npy -o MODEL.tflite [options]\n"
    "\n"
    "Reads a trained network (an .onnx, or a .tflite of floats, whose LSTMs are put together "
    "again\n"
    "where the converter took them apart), finds the ranges of its values on calibration data, "
    "and\n"
    "writes an int8 model with the bits of TensorFlow Lite Micro. Prints for each layer its scale, "
    "signal "
    "to\n"
    "noise ratio, and how many gates and cells met a limit.\n"
    "\n"
    "  --calibrate X.npy float rows as the graph's input has them, or whole numbers (symbols)\n"
    "  -o, --output M.tflite\n"
    "                    where the model goes; the rows of an embedding go to M_embedding.npy,\n"
    "                    of further ones to M_embedding2.npy, ...; learned initial states to "
    "M_state.npz; - is standard output\n"
    "  --lengths L.npy   int32 or int64 [B], the steps of each sequence\n"
    "  --labels Y.npy    whole numbers: one a sequence (accuracy) or one a step (bits a symbol)\n"
    "  --inputs NAME, --outputs NAME\n"
    "                    the values between which a part of the graph is cut out\n"
    "  --calibrate-by M  how ranges are found: range (all that was seen), percentile (but one in\n"
    "                    1,000 at each end), error (the least mean square, of weights too), or\n"
    "                    best: of these, value by value, where the output gains 1 dB; default\n"
    "  --report R.html   a page with ranges, histograms, saturation, noise by step and unit\n"
    "  --per-row         one weight scale a row: more exact, but TensorFlow Lite Micro cannot "
    "read it\n"
    "  --steps T         time steps that the file names; default: those of the data\n" JSON_OPTION;

static const char diff[] =
    "trine diff MODEL.onnx MODEL.tflite --input X.npy [options]\n"
    "trine diff MODEL.tflite --device A --against B --input X.npy [--config NAME] [--mode M]\n"
    "\n"
    "Runs the float network and the int8 model made of it on the same input, and prints for each\n"
    "layer how far its pre-activations, cell and output are off: the root mean square in units of\n"
    "the last place of int8 (LSB), the largest with sequence, step, gate and unit, and the first\n"
    "output that is more than 8 LSB off. With --against: runs one int8 model on two devices and\n"
    "says where they differ, and where each left the golden model.\n"
    "\n"
    "  -i, --input X.npy as the float network takes it: float32 rows, or whole numbers (symbols)\n"
    "  --lengths L.npy   int32 or int64 [B], the steps of each sequence\n"
    "  --inputs NAME, --outputs NAME\n"
    "                    the values between which the int8 model was cut out\n"
    "  --against D       the second device; --device is the first\n"
    "  --cores N         at most N cores of each device\n"
    "  -m, --mode M      how layers are placed, as of trine run\n" DEVICE_OPTION BAUD_OPTION
        CONFIG_OPTION JSON_OPTION;

static const char compile[] =
    "trine compile MODEL.tflite -o MODEL.trn [options]\n"
    "trine compile MODEL.tflite -o MODEL.c [options]\n"
    "\n"
    "Makes an image of a model of one network: all that a device of one configuration has to be\n"
    "given, weights packed and layers placed. trine run MODEL.trn runs it, with lengths, states.\n"
    "Operators of the host are no part of it: leave them out with --inputs and --outputs, and\n"
    "compute them where it is used. As C it is constants for a program with the runtime alone\n"
    "(sw/examples/firmware), MODEL.h has their sizes.\n"
    "\n"
    "  -o, --output F    the file to write; .c: C, and a header beside it; - is standard output\n"
    "  --inputs NAME, --outputs NAME\n"
    "                    only the part of the model between these tensors\n"
    "  -m, --mode M, --place P, --cores N\n"
    "                    how layers are placed on cores, as trine run takes them\n"
    "  --steps T, --batch B\n"
    "                    the batch that auto places for; default: the model's steps, 1\n"
    "  --in-place        with room for the programs: the .trn is used where it lies in shared\n"
    "                    memory, as the beginning of its window\n" CONFIG_OPTION JSON_OPTION;

static const char inspect[] =
    "trine inspect MODEL.tflite [options]\n"
    "trine inspect MODEL.onnx [options]\n"
    "\n"
    "Prints the layers of a model with their sizes, scales and products a step, and in which\n"
    "modes it runs on a configuration; where it does not, the limit and by how much. Of a trained\n"
    "float network (.onnx) it prints what is read of its graph, or which node cannot be done.\n"
    "The model may be -, standard input.\n"
    "\n" CONFIG_OPTION
    "  --inputs NAME, --outputs NAME\n"
    "                    the values between which a part of the model is cut out\n"
    "  --json            one object instead of the report\n";

static const char info[] =
    "trine info [options]\n"
    "\n"
    "Prints all fields of a configuration, or of the device on a wire what it says of itself.\n"
    "\n" CONFIG_OPTION DEVICE_OPTION BAUD_OPTION
    "  --json            one object instead of the report\n";

static const char selftest[] =
    "trine selftest [options]\n"
    "\n"
    "Runs a small network in every mode and compares with the golden model: exit 0 when all\n"
    "values are equal, 1 when not.\n"
    "\n" DEVICE_OPTION BAUD_OPTION STRAYS_OPTION CONFIG_OPTION
    "  --json            one object instead of the report\n";

static const char state[] =
    "trine state MODEL.tflite --from A.npz[:N,N,...] [--from ...] [--output S.npz]\n"
    "\n"
    "Makes a file of states for trine run --state-in out of others, stream by stream in the order\n"
    "given, or says what it would hold. A stream named twice is forked.\n"
    "\n"
    "  --from A.npz      all streams of a file of trine run --state-out\n"
    "  --from A.npz:N,N  the streams with these numbers in its batch, from 0 on\n"
    "  --from new:N      N streams that have not begun; new alone is one\n"
    "  -o, --output S.npz\n"
    "                    where they go; without it they are only described\n"
    "  --inputs NAME, --outputs NAME[,NAME]\n"
    "                    the part of the model that the states are of\n" JSON_OPTION
    "\n"
    "Example, the last stream of a batch, twice, and a new one beside them:\n"
    "  trine state M.tflite --from batch.npz:7,7 --from new --output three.npz\n";

const char *cli_help_all(void) {
  return all;
}

const char *cli_help_of(const char *command) {
  static const struct {
    const char *name, *text;
  } texts[] = {{"run", run},   {"plan", plan},         {"compile", compile},   {"inspect", inspect},
               {"info", info}, {"make", make},         {"selftest", selftest}, {"state", state},
               {"diff", diff}, {"quantize", quantize}, {"replay", replay}};
  for (size_t n = 0; n < sizeof texts / sizeof texts[0]; n++) {
    if (strcmp(texts[n].name, command) == 0) {
      return texts[n].text;
    }
  }
  return NULL;
}
