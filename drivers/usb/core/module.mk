MODULES                    += drivers/usb/core
drivers/usb/core.sources  := usb_bus.c usb_control.c usb_descriptor.c
drivers/usb/core.requires := arch/include base hal
