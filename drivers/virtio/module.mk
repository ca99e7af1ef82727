MODULES                += drivers/virtio
drivers/virtio.sources  := virtio.c virtio_mmio.c virtqueue.c
drivers/virtio.requires := arch/include base
