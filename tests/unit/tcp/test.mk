UNIT_TESTS       += tcp
tcp_test.modules := net/tcp base
tcp_test.sources := $(addprefix tests/unit/tcp/,main.c world.c peer.c arithmetic.c handshake.c \
                    connecting.c closing.c attacks.c window.c retransmit.c reassembly.c flows.c \
                    info.c limits.c sharing.c offload.c errors.c sack.c timestamps.c rack.c \
                    cubic.c cookies.c time_wait.c runs.c soak.c goodput.c) \
                    apps/services/services.c tests/fakes/ip_pipe.c
