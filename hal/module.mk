MODULES      += hal
hal.sources  :=
hal.requires := arch/include base
