# A Linux process on the build machine, whatever its processor: for development and for tests.

CROSS        :=
CFLAGS_ARCH  := -fno-pie -fno-tree-slp-vectorize
LDFLAGS_ARCH := -no-pie
LIBC         := host
