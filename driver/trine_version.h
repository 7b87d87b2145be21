/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * trine_version: which version of the library a program was compiled for, and which it runs with.
 *
 * MAJOR changes when the binary interface does (it is the number of the shared library's soname),
 * MINOR when something is added, PATCH when neither (docs/library.md). Threads: any number. */
#ifndef TRINE_VERSION_H
#define TRINE_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

#define TRINE_VERSION_MAJOR 1 /**< of these headers; the binary interface */
#define TRINE_VERSION_MINOR 0 /**< what was added to it */
#define TRINE_VERSION_PATCH 0 /**< what was put right */
/** A version as a number that can be compared: 1,002,003 is 1.2.3. */
#define TRINE_VERSION_NUMBER(major, minor, patch) ((major)*1000000 + (minor)*1000 + (patch))
/** The version of these headers as such a number. */
#define TRINE_VERSION \
  TRINE_VERSION_NUMBER(TRINE_VERSION_MAJOR, TRINE_VERSION_MINOR, TRINE_VERSION_PATCH)
#define TRINE_VERSION_TEXT "1.0.0" /**< the same as text */

/** The version of the library that runs, as text.
 * @return static text ("1.0.0") */
const char *trine_version(void);

/** The same as a number.
 * @return to be compared with TRINE_VERSION */
int trine_version_number(void);

#ifdef __cplusplus
}
#endif

#endif
