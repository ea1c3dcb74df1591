"""Which names ConnectWise's conditions, orderBy and fields know, by resource."""

from tools.sandbox.vendors.connectwise_conditions import Shape


def _shape(names: str, **enums: str) -> Shape:
    return Shape(
        frozenset(names.split()), {name: frozenset(words.split()) for name, words in enums.items()}
    )


_STATUS = "Active Cancelled Expired Inactive"

AGREEMENT = _shape(
    """id name type/id type/name company/id company/identifier company/name contact/id
    contact/name parentAgreement/id parentAgreement/name startDate endDate noEndingDateFlag
    cancelledFlag dateCancelled reasonCancelled billStartDate nextInvoiceDate billingCycle/id
    billingCycle/name agreementStatus billToCompany/id location/id location/name department/id
    department/name billAmount prorateFlag periodType billProducts currency/id currency/currencyCode
    currency/name""",
    agreementStatus=_STATUS,
    billProducts="Billable DoNotBill NoCharge NoDefault",
)
ADDITION = _shape(
    """id product/id product/identifier quantity lessIncluded unitPrice unitCost billCustomer
    effectiveDate cancelledDate taxableFlag invoiceDescription agreementId description
    billedQuantity uom extPrice extCost margin sequenceNumber agreementStatus""",
    agreementStatus=_STATUS,
    billCustomer="Billable DoNotBill NoCharge",
)
CATALOG_ITEM = _shape(
    """id identifier description customerDescription inactiveFlag productClass price cost
    recurringFlag type/id type/name subcategory/id subcategory/name category/id category/name
    vendorSku manufacturerPartNumber""",
    productClass="Agreement Bundle Inventory NonInventory Service",
)
COMPANY = _shape("id identifier name status/id status/name deletedFlag dateDeleted types")
SECURITY_ROW = _shape(
    """id moduleName moduleIdentifier moduleDescription moduleFunctionName moduleFunctionIdentifier
    moduleFunctionDescription addLevel editLevel deleteLevel inquireLevel sortOrder"""
)
CUSTOMIZE_ITEM = _shape("id customizeIdentifier itemIdentifier")
AUDIT_ENTRY = _shape("text enteredDate enteredBy auditType")
