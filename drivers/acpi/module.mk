MODULES               += drivers/acpi
drivers/acpi.sources  := acpi.c acpi_power.c acpi_sleep.c
drivers/acpi.requires := base
