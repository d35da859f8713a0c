package main

import (
	"bytes"

	"github.com/CycloneDX/cyclonedx-go"
)

// encode writes the inventory as a bill of materials in CycloneDX's JSON,
// https://cyclonedx.org/specification/overview/. The bill must be the same each time, so it has neither serial number
// nor time.
func encode(all *inventory) ([]byte, error) {
	const root = "securecart-identity"
	bill := cyclonedx.NewBOM()
	application := cyclonedx.ComponentTypeApplication
	bill.Metadata = &cyclonedx.Metadata{
		Component: &cyclonedx.Component{BOMRef: root, Type: application, Name: root},
	}
	var (
		components []cyclonedx.Component
		edges      []cyclonedx.Dependency
		products   []string
	)
	for _, p := range all.products {
		products = append(products, p.name)
		components = append(components, cyclonedx.Component{
			BOMRef: p.name, Type: application, Name: p.name, Scope: cyclonedx.ScopeRequired,
		})
		edges = append(edges, cyclonedx.Dependency{Ref: p.name, Dependencies: &p.requires})
	}
	for _, c := range all.sorted(toAWS, toBrowsers, forBuilding, forTools) {
		components = append(components, c.entry())
		if len(c.requires) > 0 {
			edges = append(edges, cyclonedx.Dependency{Ref: c.id(), Dependencies: &c.requires})
		}
	}
	edges = append([]cyclonedx.Dependency{{Ref: root, Dependencies: &products}}, edges...)
	bill.Components, bill.Dependencies = &components, &edges
	var b bytes.Buffer
	err := cyclonedx.NewBOMEncoder(&b, cyclonedx.BOMFileFormatJSON).SetPretty(true).Encode(bill)
	return b.Bytes(), err
}

// entry returns the component in CycloneDX's terms: components that are not shipped are "excluded", as "test and other
// non-runtime components".
func (c component) entry() cyclonedx.Component {
	scope := cyclonedx.ScopeExcluded
	if c.use == toAWS || c.use == toBrowsers {
		scope = cyclonedx.ScopeRequired
	}
	licences := cyclonedx.Licenses{}
	for _, id := range c.licences {
		licences = append(licences, cyclonedx.LicenseChoice{License: &cyclonedx.License{ID: id}})
	}
	entry := cyclonedx.Component{
		BOMRef: c.id(), Type: cyclonedx.ComponentTypeLibrary, Name: c.name, Version: c.version,
		PackageURL: c.purl(), Scope: scope, Licenses: &licences,
	}
	if c.sha != "" {
		entry.Hashes = &[]cyclonedx.Hash{{Algorithm: cyclonedx.HashAlgorithm(c.algorithm), Value: c.sha}}
	}
	return entry
}

// purl returns the package URL. An @ that begins a scope is escaped: https://github.com/package-url/purl-spec
func (c component) purl() string {
	if c.ecosystem == "npm" && c.name[0] == '@' {
		return "pkg:npm/%40" + c.name[1:] + "@" + c.version
	}
	return c.id()
}
