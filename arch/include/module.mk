MODULES               += arch/include
arch/include.sources  :=
arch/include.requires := base
