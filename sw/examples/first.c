/* SPDX-License-Identifier: Apache-2.0 */
/* first: a model on a simulated chip, all of an array run at once. */
#include <stdio.h>
#include <trine/io/npy.h>
#include <trine/session/session.h>

int main(void) {
  struct trine_session *session = NULL;
  struct trine_array input = {0}, output = {0};
  struct trine_error error;
  enum trine_status status =
      trine_session_open_file("tests/models/vad.tflite", "sim:duo", NULL, &session, &error);
  if (status == TRINE_OK) {
    status = trine_npy_read("tests/models/vad_xq.npy", &input, &error);
  }
  if (status == TRINE_OK) {
    status = trine_session_run_array(session, &input, &output, &error);
  }
  if (status == TRINE_OK) {
    printf("%llu values in %llu cycles; the last is %d\n", (unsigned long long)output.count,
           (unsigned long long)trine_session_stats(session)->cycles,
           ((const int8_t *)output.data)[output.count - 1]);
  } else {
    fprintf(stderr, "%s\n", error.text);
  }
  trine_array_free(&input);
  trine_array_free(&output);
  trine_session_close(session);
  return status == TRINE_OK ? 0 : 1;
}
