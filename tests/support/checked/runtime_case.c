/* SPDX-License-Identifier: Apache-2.0 */
/* runtime_case: see runtime_case.h. */
#include "support/checked/runtime_case.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

void runtime_compile(struct runtime_case *made, enum trine_image_form form) {
  const size_t bytes = trine_compile_bytes(&made->target, &made->made.network, form);
  const struct trine_image *image = NULL;
  struct trine_error error = {.text = ""};
  free(made->image);
  made->image = malloc(bytes);
  ck_assert_ptr_nonnull(made->image);
  ck_assert_int_eq(trine_compile(&made->target, &made->made.network, &made->placement, form,
                                 made->image, bytes, &image, &error),
                   TRINE_OK);
  ck_assert(trine_image_is_valid(image, image->bytes));
}

void runtime_create(struct runtime_case *made, struct seed_stream *stream, enum trine_mode mode) {
  const struct fake_params params = case_params("duo");
  const struct trine_shape shape = {.mode = mode, .cores = mode == TRINE_MODE_SINGLE ? 1 : 2};
  struct trine_error error = {.text = ""};
  memset(made, 0, sizeof *made);
  fake_device_create(&made->fake, &params, RUNTIME_MEMORY);
  made->bus = fake_device_bus(&made->fake);
  case_stack(&made->made, stream, 2, false, false, 12);
  ck_assert_int_eq(trine_target_set(&made->target, (const uint32_t *)(const void *)&params, "fake",
                                    RUNTIME_MEMORY, &error),
                   TRINE_OK);
  ck_assert_int_eq(
      trine_compile_place(&made->target, &made->made.network, &shape, &made->placement, &error),
      TRINE_OK);
  runtime_compile(made, TRINE_IMAGE_PLAIN);
  made->options.window_bytes = (uint32_t)trine_image_least_window(made->image);
  made->options.scratch_bytes = trine_image_scratch_bytes(made->image, true);
  made->options.scratch = malloc(made->options.scratch_bytes + 4);
  ck_assert_ptr_nonnull(made->options.scratch);
}

void runtime_open(struct runtime_case *made) {
  struct trine_fault fault;
  ck_assert_int_eq(trine_device_open(&made->device, &made->bus, &fault), TRINE_OK);
  ck_assert_int_eq(trine_run_open(&made->run, &made->device, made->image, &made->options),
                   TRINE_OK);
}

void runtime_free(struct runtime_case *made) {
  free(made->options.scratch);
  free(made->image);
  case_free(&made->made);
  fake_device_destroy(&made->fake);
}

void runtime_says(const struct runtime_case *made, enum trine_status status, const char *words) {
  const struct trine_fault *fault = trine_run_fault(&made->run);
  char text[RUNTIME_TEXT];
  trine_fault_text(fault, made->image, text, sizeof text);
  ck_assert_msg(fault->status == status, "%d instead of %d: %s", fault->status, status, text);
  ck_assert_msg(strstr(text, words) != NULL, "'%s' lacks '%s'", text, words);
}
