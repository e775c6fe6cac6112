{{ dated_rules([
    'clv_discount_rate',
    'retention_step',
    'cac_efficient_ratio',
    'concentration_top_share',
    'concentration_sales_share',
    'campaign_response_days',
    'loyalty_target',
], prefix='clv_') }}
