MODULES       += base
base.sources  := checksum.c counter.c date.c divide.c err.c inet.c pkt.c pool.c pool_counters.c siphash.c \
                 text.c wall_clock.c
base.requires :=
base.packet_path := checksum.c pkt.c pool.c
