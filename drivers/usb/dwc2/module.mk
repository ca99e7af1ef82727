MODULES                    += drivers/usb/dwc2
drivers/usb/dwc2.sources  := dwc2.c dwc2_channel.c
drivers/usb/dwc2.requires := arch/include base drivers/usb/core hal
