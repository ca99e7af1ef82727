/* SPDX-License-Identifier: ISC */
/*
 * Boot arguments: words that become one text, which the image cuts into words again.
 */
#ifndef TOOLS_FATA_WORDS_H
#define TOOLS_FATA_WORDS_H

#include "base/attr.h"

/*
 * A new string: the `count` words with blanks between. A word with a blank in it gets quotes around
 * what follows its '='. NULL, after a message, if a word has a quote or a control character in it,
 * which boot arguments cannot hold.
 */
MUST_USE char *words_join(char *const words[], int count);

/* A new string: `word` as one word for a shell. */
MUST_USE char *word_quote(const char *word);

#endif
