MODULES                    += drivers/virtio_rng
drivers/virtio_rng.sources  := virtio_rng.c
drivers/virtio_rng.requires := arch/include base drivers/virtio hal
