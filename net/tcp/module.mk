MODULES             += net/tcp
net/tcp.sources     := ack.c board.c cc.c conn.c connect.c cookie.c cubic.c ecn.c error.c flow.c \
                       frto.c info.c input.c keepalive.c listen.c output.c plpmtud.c predict.c \
                       rack.c reassembly.c recv.c reply.c rto.c sack.c segment.c send.c table.c \
                       tcp.c tcp_counters.c tcp_parts.c time_wait.c timeout.c timer.c timestamp.c tuning.c
net/tcp.requires    := base hal net/ip
