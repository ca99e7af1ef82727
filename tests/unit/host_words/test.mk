UNIT_TESTS              += host_words
host_words_test.modules :=
host_words_test.sources := tests/unit/host_words/test_host_words.c boards/soc/linux/words.c
