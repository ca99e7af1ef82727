UNIT_TESTS        += text
text_test.modules :=
text_test.sources := tests/unit/text/test_text.c base/text.c
