MODULES                    += drivers/rng/virtio_rng
drivers/rng/virtio_rng.sources  := virtio_rng.c
drivers/rng/virtio_rng.requires := arch/include base drivers/virtio hal
