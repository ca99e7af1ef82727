MODULES       += base
base.sources  := checksum.c err.c inet.c pkt.c pool.c
base.requires :=
base.cflags   := -O2
