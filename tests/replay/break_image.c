/* SPDX-License-Identifier: Apache-2.0 */
/* break_image: changes bits of the program words of an image, and its sum with them: a runtime
 * takes it, and the device has to say what is wrong. What the words mean is not looked at.
 *
 *     break_image IN.trn OUT.trn NAME
 *
 * The bit is drawn from TRINE_SEED and NAME.
 * Prints which bit of which word was changed. Exit 0 done, 1 not. */
#include <stdio.h>
#include <stdlib.h>

#include "io/file.h"
#include "session/image_file.h"
#include "support/hostile.h"
#include "support/seed.h"

int main(int count, char **words) {
  struct trine_error error = {""};
  struct trine_image *image = NULL;
  if (count != 4 || trine_image_load(words[1], &image, &error) != TRINE_OK) {
    (void)fprintf(stderr, "break_image IN.trn OUT.trn NAME %s\n", error.text);
    return 1;
  }
  struct seed_stream stream = seed_start(words[3]);
  uint32_t *first = (uint32_t *)(void *)((uint8_t *)image + image->words_at);
  const uint32_t word =
      (uint32_t)seed_log_uniform(&stream, 1, (image->names_at - image->words_at) / 4) - 1;
  const uint32_t bit = (uint32_t)seed_uniform(&stream, 0, 31);
  first[word] ^= UINT32_C(1) << bit;
  hostile_seal_image(image, image->bytes);
  const struct trine_file_buffer buffer = {image, image->bytes};
  const bool good = trine_file_replace(words[2], &buffer, 1, &error) == TRINE_OK;
  printf("%s: bit %u of word %u\n", words[3], bit, word);
  free(image);
  return good ? 0 : 1;
}
