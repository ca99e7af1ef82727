MODULES       += base
base.sources  := checksum.c counter.c crc32c.c date.c divide.c err.c inet.c pkt.c pool.c pool_counters.c siphash.c \
                 text.c utf8.c wall_clock.c
base.requires :=
