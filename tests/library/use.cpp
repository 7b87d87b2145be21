/* SPDX-License-Identifier: Apache-2.0 */
/* use: a C++ program outside of the tree, on the installed library: every public header, the
 * version, and a model on an installed chip against the golden model. */
#include <trine/all.h>
#include <cstdio>
#include <cstring>
#include <memory>

namespace {

using Session = std::unique_ptr<trine_session, decltype(&trine_session_close)>;

Session open(const char *model, const char *device) {
  trine_error error = {};
  trine_session *session = nullptr;
  if (trine_session_open_file(model, device, nullptr, &session, &error) != TRINE_OK) {
    std::fprintf(stderr, "%s\n", error.text);
  }
  return {session, trine_session_close};
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 4) {
    return 2;
  }
  if (trine_version_number() != TRINE_VERSION ||
      std::strcmp(trine_version(), TRINE_VERSION_TEXT) != 0) {
    return 3;
  }
  trine_error error = {};
  trine_array input = {}, outputs[2] = {};
  const char *devices[2] = {argv[3], "golden"};
  bool good = trine_npy_read(argv[2], &input, &error) == TRINE_OK;
  for (int n = 0; n < 2 && good; n++) {
    const Session session = open(argv[1], devices[n]);
    good = session != nullptr &&
           trine_session_run_array(session.get(), &input, &outputs[n], &error) == TRINE_OK;
  }
  good = good && outputs[0].count == outputs[1].count &&
         std::memcmp(outputs[0].data, outputs[1].data, trine_array_bytes(&outputs[0])) == 0;
  std::printf("%s: %llu values %s\n", trine_version(),
              static_cast<unsigned long long>(outputs[0].count), good ? "exact" : "not exact");
  trine_array_free(&input);
  trine_array_free(&outputs[0]);
  trine_array_free(&outputs[1]);
  return good ? 0 : 1;
}
