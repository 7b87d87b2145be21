/* SPDX-License-Identifier: Apache-2.0 */
/* crc: CRC-32 as zlib's, four bits at a time: a table of 64 bytes and no library, because the
 * runtime runs where there is none. The compiler makes its sums here too, so that there is one home
 * of them; tests hold them against zlib. */
#include "trine_image.h"

static const uint32_t remainders[16] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};

uint32_t trine_image_crc(const struct trine_image *image) {
  const uint32_t behind = (uint32_t)offsetof(struct trine_image, config_hash);
  const uint32_t room = image->window_at != 0 ? image->window_at : image->data_at;
  const uint32_t crc = trine_crc32(0, trine_image_at(image, behind), room - behind);
  return trine_crc32(crc, trine_image_at(image, image->data_at), image->bytes - image->data_at);
}

uint32_t trine_crc32(uint32_t crc, const void *data, size_t len) {
  const uint8_t *bytes = data;
  crc = ~crc;
  for (size_t n = 0; n < len; n++) {
    crc = remainders[(crc ^ bytes[n]) & 15] ^ crc >> 4;
    crc = remainders[(crc ^ bytes[n] >> 4) & 15] ^ crc >> 4;
  }
  return ~crc;
}
