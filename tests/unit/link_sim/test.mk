UNIT_TESTS            += link_sim
link_sim_test.modules := base
link_sim_test.sources := tests/unit/link_sim/test_link_sim.c tests/emu/linksim/options.c \
                         $(addprefix tests/fakes/,link_sim.c link_wire.c coalesce.c netif_fake.c frames.c \
                           frames6.c)
